namespace CacheOperator.Testbed.Contents;

/// <summary>An item as its member holds it.</summary>
/// <param name="Expiry">Unix seconds; -1 for never.</param>
/// <param name="Version">Its CAS.</param>
/// <param name="Flags">The client's flags.</param>
/// <param name="Length">Bytes of the value.</param>
/// <param name="Hash">A 64-bit hash of the value.</param>
public readonly record struct CachedItem(long Expiry, ulong Version, uint Flags, int Length, ulong Hash)
{
    /// <summary>
    /// Seconds by which two memcached processes may give the same moment differently: each cuts the time of its start to seconds, and its clock ticks once a second, at a time of its own.
    /// </summary>
    public const int ClockTolerance = 2;

    /// <summary>Whether it marks a deleted key: empty, with the version's lowest bit set (docs/topology.md).</summary>
    public bool IsTombstone => Length == 0 && (Version & 1) == 1;

    /// <summary>Whether it is over at <paramref name="now"/>, Unix seconds.</summary>
    public bool IsExpired(long now) => Expiry >= 0 && Expiry <= now;

    /// <summary>
    /// Whether both are the same in value, flags, version and expiry, that within so many seconds.
    /// </summary>
    public bool Matches(CachedItem other, long tolerance = ClockTolerance) =>
        this with { Expiry = other.Expiry } == other
        && (Expiry == other.Expiry || (Expiry >= 0 && other.Expiry >= 0 && Math.Abs(Expiry - other.Expiry) <= tolerance));
}
