namespace CacheOperator.Proxy.WarmUp;

/// <summary>A key of a <see cref="KeyBand"/> with what the dump said of its item.</summary>
/// <param name="text">The key's own bytes.</param>
/// <param name="version">The CAS value.</param>
/// <param name="expiry">Unix seconds, at most what fits; 0 for never.</param>
/// <param name="size">Bytes of the item with its header.</param>
internal readonly ref struct BandKey(ReadOnlySpan<byte> text, ulong version, uint expiry, int size)
{
    public ReadOnlySpan<byte> Text { get; } = text;

    public ulong Version { get; } = version;

    public uint Expiry { get; } = expiry;

    public int Size { get; } = size;
}
