using CacheOperator.Proxy.WarmUp;

namespace CacheOperator.Proxy.Reconciliation;

/// <summary>
/// Takes a listing into the sums of a digest. Expiries of replicas are never quite the same, so they count by a coarse grid that lies elsewhere every
/// time: what differs by more than the grid shows at once, what differs by less does sooner or later, and what differs as replicas do rarely.
/// </summary>
/// <param name="digest">Where the sums are.</param>
/// <param name="gridOffset">Where the grid lies; 0..<see cref="GridSeconds"/>-1.</param>
/// <param name="clockShift">Seconds that this member's clock is ahead.</param>
/// <param name="isTakenAway">Whether this listing is taken away from the sums, as the second of two.</param>
internal sealed class ItemSums(CopyDigest digest, long gridOffset, long clockShift, bool isTakenAway) : IDumpSink
{
    public const long GridSeconds = 256;

    public void Add(in DumpEntry entry)
    {
        var expiry = entry.Expiry == 0 ? 0 : 1 + ((entry.Expiry - clockShift + gridOffset) / GridSeconds);
        var mark = digest.MarkOf(entry.Key, entry.Version, expiry);
        if (isTakenAway) digest.Remove(mark);
        else digest.Add(mark);
    }
}
