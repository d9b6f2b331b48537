namespace CacheOperator.Proxy.Configuration;

/// <summary>
/// The rules that keep clients from reading what is outdated. A proxy that is deployed has all of them, and nothing outside of this
/// assembly can change that; the consistency checker leaves out one at a time, to show that it notices.
/// </summary>
internal sealed record Safeguards
{
    public static readonly Safeguards All = new();

    /// <summary>A copy stays only if its source, asked once more, still holds what was copied.</summary>
    public bool Verification { get; init; } = true;

    /// <summary>Members that are not Ready get a change only after the Ready ones have it.</summary>
    public bool OrderRule { get; init; } = true;

    /// <summary>A delete that some replica may not get leaves a mark that older copies cannot overwrite.</summary>
    public bool Tombstones { get; init; } = true;

    /// <summary>A write that a replica missed is remembered, and the replica not read before it is made up for.</summary>
    public bool Hints { get; init; } = true;

    /// <summary>Every connection finds out which process it has reached.</summary>
    public bool IncarnationCheck { get; init; } = true;
}
