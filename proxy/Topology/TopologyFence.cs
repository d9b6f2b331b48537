namespace CacheOperator.Proxy.Topology;

/// <summary>Looks regularly whether the topology is outdated, so that service must end, or may go on.</summary>
internal sealed class TopologyFence(TopologyStore store, TimeProvider time, TopologyLog log)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            try
            {
                await store.ReviewAsync(cancellationToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                log.FenceFault(e);
            }
        }
    }
}
