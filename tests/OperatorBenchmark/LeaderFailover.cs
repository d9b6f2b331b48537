using System.Diagnostics;
using CacheOperator.Provisioning;

namespace CacheOperator.OperatorBenchmark;

/// <summary>How long nobody leads: from the end of a leader until another copy, which has been waiting, has looked at its first cache.</summary>
/// <param name="start">Starts a copy of the operator of that name.</param>
internal sealed class LeaderFailover(Func<string, Task<OperatorProcess>> start)
{
    private const string Reconciles = "cacheoperator_reconcile_total";
    private const string Synced = "cacheoperator_informer_synced";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <param name="leader">The copy that leads; it is killed.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<FailoverResult> MeasureAsync(OperatorProcess leader, CancellationToken cancellationToken)
    {
        await using var second = await WaitingAsync("second", cancellationToken);
        var killed = await UntilItActsAsync(leader.KillAsync, second, cancellationToken);
        await using var third = await WaitingAsync("third", cancellationToken);
        var stopped = await UntilItActsAsync(() => second.StopAsync(cancellationToken), third, cancellationToken);
        return new FailoverResult(killed, stopped);
    }

    /// <summary>A copy that has read everything and waits for the lease.</summary>
    private async Task<OperatorProcess> WaitingAsync(string name, CancellationToken cancellationToken)
    {
        var process = await start(name);
        await UntilAsync($"the {name} copy waits", async () => await process.MetricAsync(Synced, cancellationToken) >= 1, cancellationToken);
        return process;
    }

    private static async Task<TimeSpan> UntilItActsAsync(Func<Task> end, OperatorProcess next, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        var ending = end();
        await UntilAsync("the next copy acts", async () => await next.MetricAsync(Reconciles, cancellationToken) >= 1, cancellationToken);
        var time = watch.Elapsed;
        await ending;
        return time;
    }

    private static async Task UntilAsync(string what, Func<Task<bool>> condition, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed > Patience) throw new ProvisioningException($"{what}: not within {Patience}");
            await Task.Delay(50, cancellationToken);
        }
    }
}
