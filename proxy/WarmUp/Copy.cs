using CacheOperator.Topology;

namespace CacheOperator.Proxy.WarmUp;

/// <summary>One copy, from its first connection to its last comparison.</summary>
internal sealed class Copy(CopyPlan plan, CopyLimits limits, TimeProvider time, CopyLog log) : AssignedWork(plan.Assignment.Id, time, log)
{
    protected override async Task<CopyStatus> DoAsync(CancellationToken stopped)
    {
        Log.Begins(plan.Assignment.Id, plan.Source.Name, plan.Target.Name, plan.Assignment.Discard);
        await using var listing = await ConnectAsync("source", plan.Source, stopped);
        await using var reading = await ConnectAsync("source", plan.Source, stopped);
        await using var verifying = await ConnectAsync("source", plan.Source, stopped);
        await using var storing = await ConnectAsync("target", plan.Target, stopped);
        await using var revoking = await ConnectAsync("target", plan.Target, stopped);

        var clockShift = await ClockShift.MeasureAsync(verifying, revoking);
        var source = new ItemInspector(verifying);
        var revoker = new ItemRevoker(revoking);
        var writer = new ItemWriter(storing, Progress);
        var rounds = new CopyRounds(
            new ItemReader(verifying, clockShift), new ItemWriter(revoking, Progress), source, revoker, limits, Progress);
        var pace = new Pace(plan.Assignment.MaxBytesPerSecond, Time);
        var pipeline = new CopyPipeline(new ItemReader(reading, clockShift), writer, rounds, pace, limits, Progress);
        var comparison = new Comparison(source, new ItemInspector(revoking), revoker, rounds, pace, limits);

        if (plan.Assignment.Discard)
            await Discard.RunAsync(storing, Time, stopped);
        else
            await ForEachBandAsync(storing, plan.Filter, new Sweep(source, revoker, limits, Progress, clockShift).RunAsync, stopped);
        Progress.Begin((await reading.AskVitalsAsync()).Items / plan.Share);
        await ForEachBandAsync(listing, plan.Filter, band => pipeline.RunAsync(band, stopped), stopped);

        long lacking = 0, missing = 0;
        await ForEachBandAsync(listing, plan.Filter, async band => lacking += await comparison.RepairAsync(band, stopped), stopped);
        if (lacking > 0)
            await ForEachBandAsync(listing, plan.Filter, async band => missing += await comparison.CountAsync(band), stopped);
        return Progress.Succeed(missing, missing > 0 && writer.LastRefusal is { } refusal ? $"the target refused items: {refusal}" : null);
    }

    private Task<MemberLink> ConnectAsync(string role, Member member, CancellationToken stopped) =>
        MemberLink.ConnectAsync(role, member, limits, Time, stopped);

    /// <summary>Lists a member as often as it takes to see all of its keys a bounded number at a time, the hottest first.</summary>
    private async Task ForEachBandAsync(MemberLink link, KeyFilter filter, Func<KeyBand, Task> work, CancellationToken stopped)
    {
        var dump = new MetaDump(link, limits, Time);
        var band = new KeyBand(limits.BandBytes, filter);
        do
        {
            await dump.RunAsync(band, stopped);
            await work(band);
        }
        while (band.TryMoveOn());
    }
}
