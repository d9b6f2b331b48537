using CacheOperator.Proxy.Replication;
using CacheOperator.Proxy.WarmUp;

namespace CacheOperator.Proxy.Reconciliation;

/// <summary>Which of two members' items stays.</summary>
internal static class Precedence
{
    /// <summary>
    /// Positive: the left one's; negative: the right one's; 0: both stay. The newer one, whether item or tombstone; of one version, the one that
    /// expires first, for one that is gone too early is a miss.
    /// </summary>
    /// <remarks>
    /// Where only one member holds anything, that stays: memcached keeps no trace of what it deleted or evicted, so a copy might bring something back,
    /// and a deletion might lose what was acknowledged. So does what a client has marked to be refetched.
    /// </remarks>
    /// <param name="left">What the one holds.</param>
    /// <param name="right">What the other holds.</param>
    /// <param name="clockShift">Seconds that the right one's clock is ahead of the left one's.</param>
    public static int Compare(in HeldItem left, in HeldItem right, long clockShift)
    {
        if (!left.Exists || !right.Exists || left.Stale || right.Stale) return 0;
        var expiry = right.Expiry == 0 ? 0 : right.Expiry - clockShift;
        if (left.Is(right.Version, expiry, Sweep.ReplicaToleranceSeconds)) return 0;
        if (left.Version == right.Version) return Life(expiry).CompareTo(Life(left.Expiry));

        // The mark of a place that was taken for this very item, by somebody who did not get further.
        if (IsMarkFor(left, right)) return -1;
        if (IsMarkFor(right, left)) return 1;
        return left.Version.CompareTo(right.Version);
    }

    private static bool IsMarkFor(in HeldItem mark, in HeldItem item) =>
        ItemVersion.IsTombstone(mark.Version, (ulong)mark.Size) && mark.Version == ItemVersion.Tombstone(item.Version);

    private static long Life(long expiry) => expiry == 0 ? long.MaxValue : expiry;
}
