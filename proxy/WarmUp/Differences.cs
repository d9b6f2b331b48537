namespace CacheOperator.Proxy.WarmUp;

/// <summary>
/// Under which keys a target that holds something already may differ from its source, from a listing of each. An item that both hold in the same version, with
/// expiries that differ by no more than those of replicas may, is verified like a copy and needs nothing to be done.
/// </summary>
/// <remarks>
/// Two digests, with grids of which one has its lines in the middle between those of the other, and with sums of their own. One without a difference is enough: so what differs by a tick, as every
/// other item may that clients wrote to both, rarely shows in both, and a key seldom shares both of its sums with one that differs.
/// </remarks>
/// <param name="clockShift">Seconds that the target's clock is ahead of the source's.</param>
internal sealed class Differences(long clockShift)
{
    private const long GridSeconds = Sweep.ReplicaToleranceSeconds + 1;

    private readonly CopyDigest _first = new((ulong)Random.Shared.NextInt64());
    private readonly CopyDigest _second = new((ulong)Random.Shared.NextInt64());

    /// <summary>
    /// Lists both. The target first: what lands there later, a request of an earlier copy perhaps, is none of what has been verified by the listing of the source.
    /// </summary>
    public static async Task<Differences> FindAsync(MetaDump source, MetaDump target, KeyFilter filter, long clockShift, CancellationToken stopped)
    {
        var differences = new Differences(clockShift);
        await target.RunAsync(new ListingScope(filter, 0, differences.Target()), stopped);
        await source.RunAsync(new ListingScope(filter, 0, differences.Source()), stopped);
        return differences;
    }

    /// <summary>Takes the listing of the target.</summary>
    public IDumpSink Target() => new Both(Sums(_first, 0, clockShift, isTakenAway: false), Sums(_second, GridSeconds / 2, clockShift, isTakenAway: false));

    /// <summary>Takes the listing of the source.</summary>
    public IDumpSink Source() => new Both(Sums(_first, 0, 0, isTakenAway: true), Sums(_second, GridSeconds / 2, 0, isTakenAway: true));

    public bool Has(ReadOnlySpan<byte> key) => _first.Differs(key) && _second.Differs(key);

    private static ItemSums Sums(CopyDigest digest, long gridOffset, long clockShift, bool isTakenAway) => new(digest, GridSeconds, gridOffset, clockShift, isTakenAway);

    private sealed class Both(ItemSums first, ItemSums second) : IDumpSink
    {
        public void Add(in DumpEntry entry)
        {
            first.Add(entry);
            second.Add(entry);
        }
    }
}
