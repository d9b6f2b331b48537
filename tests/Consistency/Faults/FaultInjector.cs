using CacheOperator.Consistency.Clients;
using CacheOperator.Consistency.Fleets;
using CacheOperator.Consistency.Reporting;
using CacheOperator.Fleet;
using CacheOperator.Fleet.Memcached;

namespace CacheOperator.Consistency.Faults;

/// <summary>Makes the faults of a round happen, and end.</summary>
internal sealed class FaultInjector(LocalFleet fleet, Network network, FleetDriver driver, RunClock clock, RunLog log) : IDisposable
{
    private static readonly TimeSpan Downtime = TimeSpan.FromMilliseconds(300);

    // One after the other: whoever is replaced must not be hit meanwhile.
    private readonly SemaphoreSlim _members = new(1);
    private readonly SemaphoreSlim _proxies = new(1);

    /// <summary>How often each kind happened.</summary>
    public Dictionary<FaultKind, int> Counts { get; } = [];

    /// <summary>What was flushed in this round.</summary>
    public List<Operation> Flushes { get; } = [];

    /// <summary>Returns when all of them are over.</summary>
    public Task RunAsync(IReadOnlyList<Fault> faults, CancellationToken cancellationToken) =>
        Task.WhenAll(faults.Select(fault => RunAsync(fault, cancellationToken)));

    public void Dispose()
    {
        _members.Dispose();
        _proxies.Dispose();
    }

    private async Task RunAsync(Fault fault, CancellationToken cancellationToken)
    {
        await Task.Delay(fault.At, cancellationToken);
        lock (Counts) Counts[fault.Kind] = Counts.GetValueOrDefault(fault.Kind) + 1;
        switch (fault.Kind)
        {
            case FaultKind.KillMember or FaultKind.RestartMember or FaultKind.ReplaceMember or FaultKind.FreezeMember:
                await HoldingAsync(_members, () => HitMemberAsync(fault, cancellationToken), cancellationToken);
                break;
            case FaultKind.FreezeProxy or FaultKind.KillProxy:
                await HoldingAsync(_proxies, () => HitProxyAsync(fault, cancellationToken), cancellationToken);
                break;
            case FaultKind.CutLink or FaultKind.SlowLink:
                await HitLinkAsync(fault, cancellationToken);
                break;
            case FaultKind.PauseOperator:
                Tell($"the operator pauses for {Show(fault.Length)}");
                driver.IsPaused = true;
                await Task.Delay(fault.Length, cancellationToken);
                driver.IsPaused = false;
                Tell("the operator goes on");
                break;
            default:
                await FlushAsync(fault, cancellationToken);
                break;
        }
    }

    private async Task HitMemberAsync(Fault fault, CancellationToken cancellationToken)
    {
        var member = Victim(fault);
        switch (fault.Kind)
        {
            case FaultKind.KillMember:
                Tell($"{member.Name} is killed");
                await member.KillAsync();
                await Task.Delay(Downtime, cancellationToken);
                Tell($"{(await fleet.ReplaceAsync(member, cancellationToken)).Uid} takes the place of {member.Name}");
                break;
            case FaultKind.RestartMember:
                Tell($"{member.Name} is killed and restarted in place");
                await member.KillAsync();
                await Task.Delay(Downtime, cancellationToken);
                await member.RestartInPlaceAsync(cancellationToken);
                Tell($"{member.Name} is back, empty");
                break;
            case FaultKind.ReplaceMember:
                Tell($"{member.Name} is leaving");
                member.IsLeaving = true;
                await Task.Delay(2 * Downtime, cancellationToken);
                await member.KillAsync();
                Tell($"{(await fleet.ReplaceAsync(member, cancellationToken)).Uid} takes the place of {member.Name}");
                break;
            default:
                Tell($"{member.Name} hangs for {Show(fault.Length)}");
                await member.FreezeAsync(cancellationToken);
                await Task.Delay(fault.Length, cancellationToken);
                await member.ThawAsync(cancellationToken);
                Tell($"{member.Name} goes on");
                break;
        }
    }

    private async Task HitProxyAsync(Fault fault, CancellationToken cancellationToken)
    {
        var proxy = fleet.Proxies[fault.Proxy];
        if (fault.Kind == FaultKind.FreezeProxy)
        {
            Tell($"{proxy.Name} hangs for {Show(fault.Length)}");
            await proxy.FreezeAsync(cancellationToken);
            await Task.Delay(fault.Length, cancellationToken);
            await proxy.ThawAsync(cancellationToken);
            Tell($"{proxy.Name} goes on");
            return;
        }

        Tell($"{proxy.Name} is killed");
        driver.Conditions.Killed(new ProxyRun(proxy.Name, proxy.Starts), clock.Now);
        await proxy.KillAsync();
        driver.Conditions.Killed(new ProxyRun(proxy.Name, proxy.Starts), clock.Now);
        await Task.Delay(Downtime, cancellationToken);
        await proxy.StartAsync(cancellationToken);
        Tell($"{proxy.Name} is back");
    }

    private async Task HitLinkAsync(Fault fault, CancellationToken cancellationToken)
    {
        var member = Victim(fault);
        var proxy = fleet.Proxies.Select(p => p.Name).Skip(fault.Proxy).Concat(fleet.Proxies.Select(p => p.Name)).FirstOrDefault(p => network.Link(p, member.EndPoint) is not null);
        if (proxy is null || network.Link(proxy, member.EndPoint) is not { } link) return;
        if (fault.Kind == FaultKind.CutLink)
        {
            Tell($"{proxy} does not reach {member.Name} for {Show(fault.Length)}");
            link.Cut();
            await Task.Delay(fault.Length, cancellationToken);
            link.Heal();
        }
        else
        {
            link.Latency = fault.Length / 20;
            Tell($"{proxy} and {member.Name} are {Show(link.Latency)} apart for {Show(fault.Length)}");
            await Task.Delay(fault.Length, cancellationToken);
            link.Latency = TimeSpan.Zero;
        }

        Tell($"{proxy} and {member.Name} are well connected");
    }

    private async Task FlushAsync(Fault fault, CancellationToken cancellationToken)
    {
        var proxy = fleet.Proxies[fault.Proxy];
        var flush = new Operation { Kind = OperationKind.Flush, Text = "flush_all", Client = "flusher", Proxy = new ProxyRun(proxy.Name, proxy.Starts), Began = clock.Now };
        lock (Flushes) Flushes.Add(flush);
        try
        {
            using var client = await RawClient.ConnectAsync(proxy.EndPoint, cancellationToken);
            flush.Answer = await client.LineAsync("flush_all\r\n", cancellationToken);
            if (flush.Answer == "OK") (flush.Outcome, flush.Ended) = (Outcome.Done, clock.Now);
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException or TimeoutException)
        {
            flush.Answer = e.Message;
        }

        Tell($"flush_all through {proxy.Name}: {flush.Answer}");
    }

    private FleetMember Victim(Fault fault) => fleet.Members.Where(m => m.Shard == fault.Shard).OrderBy(m => m.Zone, StringComparer.Ordinal).ElementAt(fault.Zone);

    private static async Task HoldingAsync(SemaphoreSlim gate, Func<Task> work, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            await work();
        }
        finally
        {
            gate.Release();
        }
    }

    private void Tell(string what) => log.Add($"fault: {what}");

    private static string Show(TimeSpan time) => $"{time.TotalSeconds:0.0#} s";
}
