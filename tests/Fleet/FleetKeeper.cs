namespace CacheOperator.Fleet;

/// <summary>Keeps a fleet whole: what dies is replaced, and what is empty is filled, while a person looks on.</summary>
internal sealed class FleetKeeper(LocalFleet fleet, IProgress<string> log)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>Time to notice that everything ends: Ctrl-C reaches the fleet's processes too, and those are faster.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(300);

    /// <summary>Runs until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            foreach (var decision in (await fleet.PlanAsync(cancellationToken)).Messages)
                log.Report($"fleet: {decision}");
            await ReplaceTheDeadAsync(cancellationToken);
            await Task.Delay(Interval, cancellationToken);
        }
    }

    private async Task ReplaceTheDeadAsync(CancellationToken cancellationToken)
    {
        foreach (var member in fleet.Members.Where(member => !member.IsRunning).ToList())
        {
            await Task.Delay(Grace, cancellationToken);
            log.Report($"fleet: {member.Name} (memcached at {member.EndPoint}) died; an empty one takes its place");
            await fleet.ReplaceAsync(member, cancellationToken);
        }

        foreach (var proxy in fleet.Proxies.Where(proxy => !proxy.IsRunning))
        {
            await Task.Delay(Grace, cancellationToken);
            log.Report($"fleet: {proxy.Name} at {proxy.EndPoint} died; it is started again");
            await proxy.StartAsync(cancellationToken);
        }
    }
}
