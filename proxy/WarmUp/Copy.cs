using CacheOperator.Proxy.Heat;
using CacheOperator.Topology;

namespace CacheOperator.Proxy.WarmUp;

/// <summary>One copy, from its first connection to its last comparison.</summary>
internal sealed class Copy(CopyPlan plan, CopyLimits limits, ReadHeat heat, TimeProvider time, CopyLog log) : AssignedWork(plan.Assignment.Id, time, log)
{
    /// <summary>What is so close to its end is not worth a copy.</summary>
    private const long ShortestLifeSeconds = 5;

    /// <summary>A target that holds less than one in so many of the items lacks so much that comparing does not pay.</summary>
    private const int LeastShareHeld = 8;

    protected override async Task<CopyStatus> DoAsync(CancellationToken stopped)
    {
        Log.Begins(plan.Assignment.Id, plan.Source.Name, plan.Target.Name);
        await using var probing = await ConnectAsync("source", plan.Source, stopped);
        return await SourceProbe.DuringAsync(probing, Time, (clients, backoff) => DoAsync(clients, backoff, stopped));
    }

    private async Task<CopyStatus> DoAsync(ClientTraffic clients, Backoff backoff, CancellationToken stopped)
    {
        LotShare share = () => backoff.Share;
        using var sourceDump = await MetaDump.ConnectAsync("source", plan.Source, limits, Time, share, stopped);
        using var reading = await ConnectBulkAsync("source", plan.Source, stopped);
        await using var verifying = await ConnectAsync("source", plan.Source, stopped);
        using var targetDump = await MetaDump.ConnectAsync("target", plan.Target, limits, Time, share: null, stopped);
        using var storing = await ConnectBulkAsync("target", plan.Target, stopped);
        await using var revoking = await ConnectAsync("target", plan.Target, stopped);

        var clockShift = await ClockShift.MeasureAsync(verifying, revoking);
        var source = new ItemInspector(verifying, clients);
        var revoker = new ItemRevoker(revoking);
        var writer = new ItemWriter(revoking, Progress);
        var rounds = new CopyRounds(new ItemReader(verifying, clockShift, clients), writer, source, revoker, limits, Progress);
        var sweep = new Sweep(source, revoker, limits, Progress, clockShift);
        var pace = new Pace(plan.Assignment.MaxBytesPerSecond, plan.Assignment.MaxItemsPerSecond, share, Time);
        var comparison = new Comparison(source, new ItemInspector(revoking), revoker, rounds, pace, limits);

        var keys = new KeyBand(limits.BandBytes, heat.Take());
        var removal = new KeyRemoval(revoker, new Pace(0, 0, share: null, Time), limits, Progress);
        if (plan.Strays is { } strays)
            await targetDump.ForEachBandAsync(keys, strays, 0, band => removal.RunAsync(band, stopped), stopped);

        var vitals = await verifying.AskVitalsAsync();
        var expected = vitals.Items / plan.Share;
        var items = expected / (plan.Assignment.Part?.Of ?? 1);
        Progress.Begin(items);
        var horizon = vitals.Time + ShortestLifeSeconds;
        var digest = new CopyDigest((ulong)Random.Shared.NextInt64());
        var differing = plan.Filter;
        var isCompared = (await revoking.AskVitalsAsync()).Items * LeastShareHeld >= expected;

        // Whoever copied before, or made up for writes, has been told to stop, and may have sent something still.
        if (isCompared || plan.Target.Epoch > 1)
            await Task.Delay(limits.Straggling, Time, stopped);
        if (isCompared)
        {
            var differences = await Differences.FindAsync(sourceDump, targetDump, plan.Filter, clockShift, stopped);
            differing = key => plan.Filter(key) && differences.Has(key);
        }

        var kept = new KeptItems(digest, clockShift, horizon);
        await targetDump.ForEachBandAsync(keys, differing, 0, band => sweep.RunAsync(band, Sweep.ReplicaToleranceSeconds, kept), stopped);
        var bulk = new BulkCopy(reading, storing, clockShift, digest, pace, clients, limits, Progress);
        await new CopyPasses(keys, sourceDump, bulk, share, Progress).RunAsync(plan.Filter, key => differing(key) && !kept.Has(key), items, horizon, stopped);

        // All copies have landed: what the source lists from here on is a look at it after that.
        await sourceDump.RunAsync(new ListingScope(differing, horizon, digest), stopped);
        long lacking = 0, missing = 0;
        if (limits.Safeguards.Verification && !digest.IsClean)
        {
            KeyFilter unverified = key => differing(key) && digest.Differs(key);
            await targetDump.ForEachBandAsync(keys, unverified, 0, band => sweep.RunAsync(band, Sweep.TickSeconds), stopped);
            await sourceDump.ForEachBandAsync(keys, unverified, horizon, async band => lacking += await comparison.RepairAsync(band, stopped), stopped);
            if (lacking > 0)
                await sourceDump.ForEachBandAsync(keys, unverified, horizon, async band => missing += await comparison.CountAsync(band), stopped);
        }

        var refusal = bulk.LastRefusal ?? writer.LastRefusal;
        return Progress.Succeed(missing, missing > 0 && refusal is not null ? $"the target refused items: {refusal}" : null);
    }

    private Task<MemberLink> ConnectAsync(string role, Member member, CancellationToken stopped) =>
        MemberLink.ConnectAsync(role, member, limits, Time, stopped);

    private Task<BulkLink> ConnectBulkAsync(string role, Member member, CancellationToken stopped) => BulkLink.ConnectAsync(role, member, limits, stopped);
}
