using System.Diagnostics;
using CacheOperator.Provisioning;

namespace CacheOperator.OperatorBenchmark;

/// <summary>How long nobody leads: from the end of a leader until another copy, which has been waiting, has looked at its first cache.</summary>
/// <param name="start">Starts a copy of the operator of that name.</param>
internal sealed class LeaderFailover(Func<string, Task<OperatorProcess>> start)
{
    private const string Reconciles = "cacheoperator_reconcile_total";
    private const int Stops = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <param name="leader">The copy that leads; it is killed.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<FailoverResult> MeasureAsync(OperatorProcess leader, CancellationToken cancellationToken)
    {
        var copies = new List<OperatorProcess>();
        try
        {
            copies.Add(await WaitingAsync("waiting-0", cancellationToken));
            var bytes = copies[0].ResidentBytes;
            var killed = await UntilItActsAsync(leader.KillAsync, copies[0], cancellationToken);
            var stopped = new List<TimeSpan>();
            for (var i = 0; i < Stops; i++)
            {
                copies.Add(await WaitingAsync($"waiting-{i + 1}", cancellationToken));
                stopped.Add(await UntilItActsAsync(() => copies[i].StopAsync(cancellationToken), copies[i + 1], cancellationToken));
            }

            return new FailoverResult(killed, stopped, bytes);
        }
        finally
        {
            foreach (var copy in copies) await copy.DisposeAsync();
        }
    }

    /// <summary>A copy that has read everything and waits for the lease.</summary>
    private async Task<OperatorProcess> WaitingAsync(string name, CancellationToken cancellationToken)
    {
        var process = await start(name);
        await UntilAsync($"the {name} copy waits", () => process.IsReadyAsync(cancellationToken), cancellationToken);
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
