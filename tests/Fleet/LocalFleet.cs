using CacheOperator.Operator.Topology;
using CacheOperator.Provisioning.Memcached;
using CacheOperator.Topology;

namespace CacheOperator.Fleet;

/// <summary>
/// Members and proxies as processes on loopback, with a topology that is planned as in a cluster: by the operator's own
/// planner, from what the proxies report. Not for several callers at once.
/// </summary>
internal sealed class LocalFleet : IAsyncDisposable
{
    private readonly FleetShape _shape;
    private readonly FleetPrograms _programs;
    private readonly FleetFolder _folder = new();
    private readonly List<FleetMember> _members = [];
    private readonly List<FleetProxy> _proxies = [];
    private readonly SemaphoreSlim _planning = new(1);
    private int _membersStarted;

    private LocalFleet(FleetShape shape, FleetPrograms programs) => (_shape, _programs, Shards) = (shape, programs, shape.Shards);

    public IReadOnlyList<FleetMember> Members => _members;

    public IReadOnlyList<FleetProxy> Proxies => _proxies;

    /// <summary>Members in every zone that the next plan asks for.</summary>
    public int Shards { get; set; }

    /// <summary>The document in force.</summary>
    public TopologyDocument Topology { get; private set; } = null!;

    /// <summary>Starts everything and returns when every proxy serves.</summary>
    public static async Task<LocalFleet> StartAsync(FleetShape shape, FleetPrograms programs, CancellationToken cancellationToken)
    {
        var fleet = new LocalFleet(shape, programs);
        try
        {
            await fleet.StartAsync(cancellationToken);
            return fleet;
        }
        catch
        {
            await fleet.DisposeAsync();
            throw;
        }
    }

    /// <summary>Replaces a member by a new, empty one, as a lost node's pod is replaced.</summary>
    public async Task<FleetMember> ReplaceAsync(FleetMember member, CancellationToken cancellationToken)
    {
        var replacement = await StartMemberAsync(member.Zone, member.Shard, cancellationToken);
        _members[_members.IndexOf(member)] = replacement;
        await member.DisposeAsync();
        return replacement;
    }

    /// <summary>Does what the operator does in one round: asks the proxies, plans, and publishes what has changed.</summary>
    /// <returns>What was decided, a sentence each.</returns>
    public async Task<IReadOnlyList<string>> PlanAsync(CancellationToken cancellationToken)
    {
        await _planning.WaitAsync(cancellationToken);
        try
        {
            var proxies = await Task.WhenAll(_proxies.Select(proxy => proxy.ObserveAsync(cancellationToken)));
            var plan = Plan(proxies);
            if (plan.Changed)
                await PublishAsync(plan.Document, cancellationToken);
            await ScaleAsync(cancellationToken);
            return [.. plan.Decisions.Select(decision => decision.Message)];
        }
        finally
        {
            _planning.Release();
        }
    }

    /// <summary>Puts another document into force: in the file, and pushed to every proxy that runs.</summary>
    public async Task PublishAsync(TopologyDocument document, CancellationToken cancellationToken)
    {
        Topology = document;
        _folder.Write(document);
        var json = TopologyJson.Write(document);
        await Task.WhenAll(_proxies.Where(proxy => proxy.IsRunning).Select(proxy => TryPutAsync(proxy, json, cancellationToken)));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var proxy in _proxies)
            await proxy.DisposeAsync();
        foreach (var member in _members)
            await member.DisposeAsync();
        _folder.Dispose();
        _planning.Dispose();
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var zone in _shape.ZoneNames)
        {
            for (var shard = 0; shard < _shape.Shards; shard++)
                _members.Add(await StartMemberAsync(zone, shard, cancellationToken));
        }

        for (var i = 0; i < _shape.Proxies; i++)
            _proxies.Add(new FleetProxy(_programs.Proxy, $"proxy-{i + 1}", _shape.ZoneNames[i % _shape.Zones], _folder, _shape.ProxyArguments));
        Topology = Plan([.. _proxies.Select(proxy => new ObservedProxy { Name = proxy.Name })]).Document;
        _folder.Write(Topology);
        await Task.WhenAll(_proxies.Select(proxy => proxy.StartAsync(cancellationToken)));
    }

    /// <summary>Starts and ends members as StatefulSets do, for the number that the topology speaks of.</summary>
    private async Task ScaleAsync(CancellationToken cancellationToken)
    {
        foreach (var zone in _shape.ZoneNames)
        {
            for (var shard = 0; shard < Topology.MemberShards(); shard++)
            {
                if (!_members.Any(member => member.Zone == zone && member.Shard == shard))
                    _members.Add(await StartMemberAsync(zone, shard, cancellationToken));
            }
        }

        foreach (var member in _members.Where(member => member.Shard >= Topology.MemberShards()).ToList())
        {
            _members.Remove(member);
            await member.DisposeAsync();
        }
    }

    private async Task<FleetMember> StartMemberAsync(string zone, int shard, CancellationToken cancellationToken)
    {
        var server = await MemcachedServer.StartAsync(_programs.Memcached, cancellationToken, arguments: ["-m", $"{_shape.Memory}", "-t", "1"]);
        return new FleetMember($"member-{++_membersStarted}", zone, shard, server, _shape.Way(server.EndPoint));
    }

    private TopologyPlan Plan(IReadOnlyList<ObservedProxy> proxies)
    {
        var intent = new TopologyIntent
        {
            Cache = FleetShape.Cache,
            Shards = Shards,
            Zones = _shape.ZoneNames,
            Replication = _shape.Replication,
            MaxBytesPerSecond = _shape.CopyBytesPerSecond,
        };
        return TopologyPlanner.Plan(Topology, intent, [.. _members.Select(member => member.Observe())], proxies, DateTimeOffset.UtcNow);
    }

    private static async Task TryPutAsync(FleetProxy proxy, byte[] json, CancellationToken cancellationToken)
    {
        try
        {
            await proxy.PutTopologyAsync(json, cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // It reads the file; until it has applied the document, the planner waits for it.
        }
    }
}
