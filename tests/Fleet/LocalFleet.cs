using System.Net;
using CacheOperator.Operator.Topology;
using CacheOperator.Provisioning.Memcached;
using CacheOperator.Topology;

namespace CacheOperator.Fleet;

/// <summary>
/// Members and proxies as processes on loopback, with a topology that is planned as in a cluster: by the operator's own
/// planner, from what the proxies report.
/// </summary>
internal sealed class LocalFleet : IAsyncDisposable
{
    private readonly FleetShape _shape;
    private readonly FleetPrograms _programs;
    private readonly FleetFolder _folder = new();
    private readonly List<FleetProxy> _proxies = [];
    private readonly ProxyRoster _roster = new();
    private readonly SemaphoreSlim _planning = new(1);
    private volatile IReadOnlyList<FleetMember> _members = [];
    private int _membersStarted;

    private LocalFleet(FleetShape shape, FleetPrograms programs) =>
        (_shape, _programs, Shards, Replication) = (shape, programs, shape.Shards, shape.Replication);

    /// <summary>Replaced as a whole when one takes another one's place.</summary>
    public IReadOnlyList<FleetMember> Members => _members;

    public IReadOnlyList<FleetProxy> Proxies => _proxies;

    /// <summary>Members in every zone that the next plan asks for.</summary>
    public int Shards { get; set; }

    /// <summary>What the next plan asks for.</summary>
    public ReplicationSettings Replication { get; set; }

    /// <summary>Holds the proxies' logs, until the fleet is disposed.</summary>
    public string Folder => _folder.Path;

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
        await _planning.WaitAsync(cancellationToken);
        try
        {
            _members = [.. _members.Select(m => m == member ? replacement : m)];
        }
        finally
        {
            _planning.Release();
        }

        await member.DisposeAsync();
        return replacement;
    }

    /// <summary>Does what the operator does in one round: asks the proxies, plans, and publishes what has changed.</summary>
    public async Task<FleetRound> PlanAsync(CancellationToken cancellationToken)
    {
        await _planning.WaitAsync(cancellationToken);
        try
        {
            var statuses = await Task.WhenAll(_proxies.Select(proxy => AskAsync(proxy, cancellationToken)));
            var plan = Plan([.. _proxies.Select(Observe)]);
            if (plan.Changed)
                await PublishAsync(plan.Document, cancellationToken);
            await ScaleAsync(cancellationToken);
            return new FleetRound(plan.Document, plan.Decisions, statuses);
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
        await Task.WhenAll(_proxies.Select(proxy => TryPutAsync(proxy, Write(document, proxy), cancellationToken)));
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
                _members = [.. _members, await StartMemberAsync(zone, shard, cancellationToken)];
        }

        for (var i = 0; i < _shape.Proxies; i++)
            _proxies.Add(new FleetProxy(_programs.Proxy, $"proxy-{i + 1}", _shape.ZoneNames[i % _shape.Zones], _folder, _shape.ProxyArguments));
        Topology = Plan([.. _proxies.Select(proxy => new ObservedProxy { Name = proxy.Name })]).Document;
        foreach (var proxy in _proxies)
            Write(Topology, proxy);
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
                    _members = [.. _members, await StartMemberAsync(zone, shard, cancellationToken)];
            }
        }

        foreach (var member in _members.Where(member => member.Shard >= Topology.MemberShards()).ToList())
        {
            _members = [.. _members.Where(m => m != member)];
            await member.DisposeAsync();
        }
    }

    private async Task<FleetMember> StartMemberAsync(string zone, int shard, CancellationToken cancellationToken)
    {
        var server = await MemcachedServer.StartAsync(_programs.Memcached, cancellationToken, arguments: ["-m", $"{_shape.Memory}", "-t", "1"]);
        return new FleetMember($"member-{++_membersStarted}", zone, shard, server);
    }

    private TopologyPlan Plan(IReadOnlyList<ObservedProxy> proxies)
    {
        var intent = new TopologyIntent
        {
            Cache = FleetShape.Cache,
            Shards = Shards,
            Zones = _shape.ZoneNames,
            Replication = Replication,
            MaxBytesPerSecond = _shape.CopyBytesPerSecond,
        };
        return TopologyPlanner.Plan(Topology, intent, [.. _members.Select(member => member.Observe())], proxies, DateTimeOffset.UtcNow, _roster.Departed);
    }

    private async Task<ProxyStatus?> AskAsync(FleetProxy proxy, CancellationToken cancellationToken)
    {
        _roster.Asked(proxy.Name, DateTimeOffset.UtcNow);
        if (!proxy.IsRunning || await proxy.TryStatusAsync(cancellationToken) is not { } status)
            return null;
        _roster.Answered(proxy.Name, status, DateTimeOffset.UtcNow);
        return status;
    }

    /// <summary>As the planner is shown pods, with the newest status that there is.</summary>
    private ObservedProxy Observe(FleetProxy proxy)
    {
        var (status, silentFor) = _roster.Of(proxy.Name, DateTimeOffset.UtcNow);
        return new ObservedProxy
        {
            Name = proxy.Name,
            Running = proxy.IsRunning,
            PodReady = proxy.IsRunning && status is { Ready: true },
            Status = status,
            SilentFor = silentFor,
        };
    }

    /// <summary>Puts the document, with the addresses that the proxy reaches the members at, into its file.</summary>
    private byte[] Write(TopologyDocument document, FleetProxy proxy)
    {
        string? Way(string? address) => address is null ? null : _shape.Way(proxy.Name, IPEndPoint.Parse(address)).ToString();
        var json = TopologyJson.Write(document with { Members = [.. document.Members.Select(m => m with { Address = Way(m.Address) })] });
        _folder.Write(proxy.Name, json);
        return json;
    }

    private static async Task TryPutAsync(FleetProxy proxy, byte[] json, CancellationToken cancellationToken)
    {
        if (!proxy.IsRunning)
            return;
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
