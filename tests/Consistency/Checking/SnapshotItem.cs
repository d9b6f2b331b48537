namespace CacheOperator.Consistency.Checking;

/// <summary>An item of a member at rest; tombstones are none.</summary>
/// <param name="Mark">See <see cref="Keys.Values"/>.</param>
/// <param name="Version">Its CAS.</param>
/// <param name="Flags">The client's.</param>
/// <param name="Expiry">Unix seconds; -1 for never.</param>
/// <param name="Text">The value.</param>
internal sealed record SnapshotItem(long Mark, ulong Version, uint Flags, long Expiry, string Text)
{
    /// <summary>Clocks of two memcached tick up to a second apart.</summary>
    private const long TickSeconds = 2;

    /// <summary>Whether the two expire within so many seconds of each other, or neither does.</summary>
    public bool ExpiresWith(SnapshotItem other, long seconds) =>
        (Expiry < 0) == (other.Expiry < 0) && Math.Abs(Expiry - other.Expiry) <= seconds + TickSeconds;

    public bool IsSame(SnapshotItem? other, bool withExpiry) =>
        other is not null && (Mark, Version, Flags, Text) == (other.Mark, other.Version, other.Flags, other.Text)
        && (!withExpiry || ExpiresWith(other, 0));
}
