namespace CacheOperator.Integration.Tests.Faults;

/// <summary>What a key may hold.</summary>
/// <param name="Value">Null when there is no item.</param>
/// <param name="Flags">Client flags.</param>
/// <param name="Write">Number of the write that it comes from: items of one write have one token.</param>
internal readonly record struct ItemState(string? Value, uint Flags, int Write)
{
    public static readonly ItemState None = new(null, 0, 0);

    public bool Exists => Value is not null;
}
