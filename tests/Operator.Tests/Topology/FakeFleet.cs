using CacheOperator.Operator.Topology;
using CacheOperator.Topology;

namespace CacheOperator.Operator.Tests.Topology;

/// <summary>Pods and proxies as a cluster would show them, and a leader that plans and publishes.</summary>
internal sealed class FakeFleet
{
    private readonly Dictionary<string, FakeProxy> _proxies = [];
    private readonly Dictionary<string, int> _shards = [];
    private int _uids;

    public FakeFleet(params string[] zones)
    {
        Intent = new TopologyIntent { Cache = "ns/c", Shards = 1, Zones = zones, Replication = new ReplicationSettings(), MaxCopyParts = 1 };
    }

    public TopologyIntent Intent { get; set; }

    public List<ObservedMember> Pods { get; } = [];

    /// <summary>Processes by pod UID.</summary>
    public Dictionary<string, string> Processes { get; } = [];

    public TopologyDocument? Document { get; set; }

    public TopologyPlan? Last { get; private set; }

    public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch.AddYears(55);

    public static FakeFleet Running(int shards = 1, params string[] zones)
    {
        var fleet = new FakeFleet(zones.Length > 0 ? zones : ["a", "b", "c"]);
        fleet.Intent = fleet.Intent with { Shards = shards };
        foreach (var zone in fleet.Intent.Zones)
        {
            for (var shard = 0; shard < shards; shard++) fleet.AddPod(zone, shard);
            fleet.AddProxy(zone);
        }

        fleet.Settle();
        return fleet;
    }

    public ObservedMember AddPod(string zone, int shard = 0, bool address = true)
    {
        var number = ++_uids;
        var pod = new ObservedMember
        {
            Uid = $"uid-{number}",
            Name = $"c-memcached-{zone}-{shard}",
            Zone = zone,
            Shard = shard,
            Address = address ? $"10.0.0.{number}:11211" : null,
        };
        Pods.Add(pod);
        _shards[pod.Uid] = shard;
        Processes[pod.Uid] = $"1@{1000 + number}";
        return pod;
    }

    public FakeProxy AddProxy(string zone)
    {
        var proxy = new FakeProxy(this, $"p-{zone}-{++_uids}", zone);
        _proxies[proxy.Name] = proxy;
        return proxy;
    }

    /// <summary>What proxies said last that are no more.</summary>
    public List<ProxyStatus> Departed { get; } = [];

    public void RemoveProxy(FakeProxy proxy) => _proxies.Remove(proxy.Name);

    public FakeProxy ProxyOf(string zone) => _proxies.Values.First(p => p.Zone == zone);

    public IEnumerable<FakeProxy> Proxies => _proxies.Values;

    public ObservedMember Pod(string zone, int shard = 0) => Pods.Last(p => p.Zone == zone && p.Shard == shard);

    public void Change(ObservedMember pod, Func<ObservedMember, ObservedMember> change) => Pods[Pods.IndexOf(pod)] = change(pod);

    public void Remove(ObservedMember pod) => Pods.Remove(pod);

    public void RestartProcess(ObservedMember pod) => Processes[pod.Uid] = $"1@{5000 + ++_uids}";

    public Member Member(string zone, int shard = 0) => Document!.Members.Last(m => m.Zone == zone && m.Shard == shard);

    public Member Member(ObservedMember pod) => Document!.Members.Single(m => m.Uid == pod.Uid);

    public CopyAssignment Copy => Assert.Single(Document!.Copies);

    public IEnumerable<DecisionKind> Decisions => Last!.Decisions.Select(d => d.Kind);

    /// <summary>All copies so far.</summary>
    public List<CopyAssignment> Copies { get; } = [];

    /// <summary>Shard of a member that may be gone.</summary>
    public int ShardAt(string uid) => _shards[uid];

    /// <summary>All decisions so far.</summary>
    public List<DecisionKind> Told { get; } = [];

    public string Zone(string uid) => Document!.Members.Single(m => m.Uid == uid).Zone;

    public int Shard(string uid) => Document!.Members.Single(m => m.Uid == uid).Shard;

    /// <summary>The leader looks, plans and stores; nobody has been told yet.</summary>
    public TopologyPlan Plan()
    {
        Last = TopologyPlanner.Plan(Document, Intent, Pods, [.. _proxies.Values.Select(p => p.Observe())], Now, Departed);
        Assert.Empty(TopologyValidator.Validate(Last.Document));
        if (Last.Changed) Assert.True(Document is null || Last.Document.Generation > Document.Generation);
        Document = Last.Document;
        Told.AddRange(Decisions);
        Copies.AddRange(Last.Document.Copies.Where(c => Copies.All(k => k.Id != c.Id)));
        return Last;
    }

    /// <summary>Plans, and every proxy that can be reached applies the result.</summary>
    public TopologyPlan Step()
    {
        var plan = Plan();
        if (Scales) Scale();
        foreach (var proxy in _proxies.Values) proxy.Apply(plan.Document);
        return plan;
    }

    /// <summary>Pods come and go as StatefulSets make them, for the number of shards that the document speaks of.</summary>
    public bool Scales { get; set; }

    /// <inheritdoc cref="Scales"/>
    public void Scale()
    {
        Pods.RemoveAll(p => p.Shard >= Document!.MemberShards());
        foreach (var zone in Intent.Zones)
        {
            foreach (var shard in Enumerable.Range(0, Document!.MemberShards()).Where(s => !Pods.Any(p => p.Zone == zone && p.Shard == s))) AddPod(zone, shard);
        }
    }

    /// <summary>Steps, with copies ending well, until the topology is as wanted.</summary>
    public void StepUntil(Func<TopologyDocument, bool> condition)
    {
        for (var step = 0; step < 100; step++)
        {
            Step();
            if (condition(Document!)) return;
            FinishAll();
        }

        Assert.Fail($"The fleet did not come there: {System.Text.Encoding.UTF8.GetString(TopologyJson.Write(Document!))}");
    }

    /// <summary>Every copy and purge ends well.</summary>
    public void FinishAll()
    {
        foreach (var copy in Document!.Copies) Finish(copy, CopyPhase.Succeeded);
        foreach (var purge in Document.Purges) _proxies[purge.Proxy].Report(purge.Id, CopyPhase.Succeeded);
    }

    /// <summary>Steps, with copies ending well, until nothing changes any more.</summary>
    public void Settle()
    {
        for (var step = 0; step < 100; step++)
        {
            var before = Document?.Generation;
            Step();
            FinishAll();
            if (Document!.Generation == before && !Last!.UnderWay) return;
        }

        Assert.Fail($"The fleet did not settle: {System.Text.Encoding.UTF8.GetString(TopologyJson.Write(Document!))}");
    }

    public void Finish(CopyAssignment copy, CopyPhase phase, string? error = null) => _proxies[copy.Proxy].Report(copy.Id, phase, error);
}
