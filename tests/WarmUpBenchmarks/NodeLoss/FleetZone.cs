using System.Net;
using CacheOperator.Fleet;
using CacheOperator.Topology;
using CacheOperator.WarmUpBenchmarks.Clients;
using CacheOperator.WarmUpBenchmarks.Members;

namespace CacheOperator.WarmUpBenchmarks.NodeLoss;

/// <summary>Three zones of this project, with a proxy each, planned as by the operator. Clients read through their zone's proxy, without any change of theirs.</summary>
internal sealed class FleetZone : IZone
{
    private static readonly TimeSpan PlanInterval = TimeSpan.FromMilliseconds(250);
    private readonly LocalFleet _fleet;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _planning;
    private FleetMember _member;

    private FleetZone(LocalFleet fleet)
    {
        _fleet = fleet;
        _member = fleet.Members[0];
        Cache = new Lane(fleet.Proxies.First(proxy => proxy.Zone == _member.Zone).EndPoint, LossRunner.Connections);
        _planning = PlanAsync();
    }

    public static async Task<FleetZone> StartAsync(FleetPrograms programs, CopyCase work, CancellationToken cancellationToken)
    {
        var fleet = await LocalFleet.StartAsync(new FleetShape { Memory = work.MemoryMegabytes }, programs, cancellationToken);
        var zone = new FleetZone(fleet);
        await Task.Run(() => SourceFill.Run(zone.Cache.EndPoint, work, versions: false), cancellationToken);
        return zone;
    }

    public LossVariant Variant => LossVariant.WarmUp;

    public Lane Cache { get; }

    public Lane? Neighbour => null;

    public IPEndPoint? Member => _member.IsRunning ? _member.EndPoint : null;

    public bool IsReady => _fleet.Topology.Members.Any(member => member.Uid == _member.Uid && member.State == MemberState.Ready) && _member.IsRunning;

    public Task LoseAsync() => _member.KillAsync();

    public async Task ReplaceAsync(CancellationToken cancellationToken) => _member = await _fleet.ReplaceAsync(_member, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _planning.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _fleet.DisposeAsync();
        _end.Dispose();
    }

    private async Task PlanAsync()
    {
        while (true)
        {
            await _fleet.PlanAsync(_end.Token);
            await Task.Delay(PlanInterval, _end.Token);
        }
    }
}
