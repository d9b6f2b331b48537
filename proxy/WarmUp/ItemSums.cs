namespace CacheOperator.Proxy.WarmUp;

/// <summary>
/// Takes a listing into the sums of a digest. Expiries of replicas are never quite the same, so they count by a grid: what differs by more than its
/// width always shows, what differs by less does if a line of the grid lies between.
/// </summary>
/// <param name="digest">Where the sums are.</param>
/// <param name="gridSeconds">The width of the grid.</param>
/// <param name="gridOffset">Where the grid lies; 0..<paramref name="gridSeconds"/>-1.</param>
/// <param name="clockShift">Seconds that this member's clock is ahead.</param>
/// <param name="isTakenAway">Whether this listing is taken away from the sums, as the second of two.</param>
internal sealed class ItemSums(CopyDigest digest, long gridSeconds, long gridOffset, long clockShift, bool isTakenAway) : IDumpSink
{
    public void Add(in DumpEntry entry)
    {
        var expiry = entry.Expiry == 0 ? 0 : 1 + ((entry.Expiry - clockShift + gridOffset) / gridSeconds);
        var mark = digest.MarkOf(entry.Key, entry.Version, expiry);
        if (isTakenAway) digest.Remove(mark);
        else digest.Add(mark);
    }
}
