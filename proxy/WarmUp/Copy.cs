using CacheOperator.Topology;

namespace CacheOperator.Proxy.WarmUp;

/// <summary>One copy, from its first connection to its last comparison.</summary>
internal sealed class Copy(CopyPlan plan, CopyLimits limits, TimeProvider time, CopyLog log)
{
    private readonly CopyProgress _progress = new(plan.Assignment.Id, time);

    public CopyStatus Status => _progress.Status;

    /// <summary>Runs it to its end, whatever that is; the outcome is in <see cref="Status"/>. Only a stop leaves it Running.</summary>
    public async Task RunAsync(CancellationToken stopped)
    {
        var id = plan.Assignment.Id;
        log.Begins(id, plan.Source.Name, plan.Target.Name, plan.Assignment.Discard);
        try
        {
            log.Succeeded(id, await FillAsync(stopped));
        }
        catch (OperationCanceledException) when (stopped.IsCancellationRequested)
        {
            log.Stopped(id);
        }
        catch (CopyException e)
        {
            _progress.Fail(e.Message);
            log.Failed(id, e.Message, e.InnerException);
        }
        catch (Exception e)
        {
            // Nothing that goes wrong in a copy may reach the proxy around it.
            _progress.Fail($"internal error: {e.Message}");
            log.Failed(id, e.Message, e);
        }
    }

    private async Task<CopyStatus> FillAsync(CancellationToken stopped)
    {
        await using var listing = await ConnectAsync("source", plan.Source, stopped);
        await using var reading = await ConnectAsync("source", plan.Source, stopped);
        await using var verifying = await ConnectAsync("source", plan.Source, stopped);
        await using var storing = await ConnectAsync("target", plan.Target, stopped);
        await using var revoking = await ConnectAsync("target", plan.Target, stopped);

        var clockShift = await ClockShift.MeasureAsync(verifying, revoking);
        var source = new ItemInspector(verifying);
        var revoker = new ItemRevoker(revoking);
        var writer = new ItemWriter(storing, _progress);
        var rounds = new CopyRounds(
            new ItemReader(verifying, clockShift), new ItemWriter(revoking, _progress), source, revoker, limits, _progress);
        var pace = new Pace(plan.Assignment.MaxBytesPerSecond, time);
        var pipeline = new CopyPipeline(new ItemReader(reading, clockShift), writer, rounds, pace, limits, _progress);
        var comparison = new Comparison(source, new ItemInspector(revoking), revoker, rounds, pace, limits);

        if (plan.Assignment.Discard)
            await Discard.RunAsync(storing, time, stopped);
        else
            await ForEachBandAsync(storing, static _ => true, new Sweep(source, revoker, limits, _progress, clockShift).RunAsync, stopped);
        _progress.Begin((await reading.AskVitalsAsync()).Items);
        await ForEachBandAsync(listing, plan.Filter, band => pipeline.RunAsync(band, stopped), stopped);

        long lacking = 0, missing = 0;
        await ForEachBandAsync(listing, plan.Filter, async band => lacking += await comparison.RepairAsync(band, stopped), stopped);
        if (lacking > 0)
            await ForEachBandAsync(listing, plan.Filter, async band => missing += await comparison.CountAsync(band), stopped);
        return _progress.Succeed(missing, missing > 0 && writer.LastRefusal is { } refusal ? $"the target refused items: {refusal}" : null);
    }

    private Task<MemberLink> ConnectAsync(string role, Member member, CancellationToken stopped) =>
        MemberLink.ConnectAsync(role, member, limits, time, stopped);

    /// <summary>Lists a member as often as it takes to see all of its keys a bounded number at a time, the hottest first.</summary>
    private async Task ForEachBandAsync(MemberLink link, KeyFilter filter, Func<KeyBand, Task> work, CancellationToken stopped)
    {
        var dump = new MetaDump(link, limits, time);
        var band = new KeyBand(limits.BandBytes, filter);
        do
        {
            await dump.RunAsync(band, stopped);
            await work(band);
        }
        while (band.TryMoveOn());
    }
}
