namespace CacheOperator.Proxy.WarmUp;

/// <summary>A key of a <see cref="KeyBand"/> with what the dump said of its item. Small, for there are many: 32 bytes.</summary>
/// <param name="Heat">Larger for what was read more recently.</param>
/// <param name="Version">The CAS value.</param>
/// <param name="Expiry">Unix seconds, at most what fits; 0 for never.</param>
/// <param name="Size">Bytes of the item with its header.</param>
/// <param name="Offset">Where the key's bytes begin in the band.</param>
/// <param name="Length">Bytes of the key.</param>
internal readonly record struct BandKey(ulong Heat, ulong Version, uint Expiry, int Size, int Offset, ushort Length);
