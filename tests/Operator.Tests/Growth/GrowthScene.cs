using CacheOperator.Operator.Api;
using CacheOperator.Operator.Growth;
using CacheOperator.Operator.Observing;
using CacheOperator.Operator.Resources;
using CacheOperator.Operator.Runtime.Apply;
using CacheOperator.Operator.Runtime.Capabilities;
using CacheOperator.Operator.Settings;
using CacheOperator.Operator.Topology;
using CacheOperator.Topology;
using k8s;
using k8s.Models;

namespace CacheOperator.Operator.Tests.Growth;

/// <summary>A zone of two members as the API server and the proxies show it, and what StatefulSet controller, kubelet and proxies do to it.</summary>
internal sealed class GrowthScene
{
    public const string Zone = "a";
    private const long Mebi = 1 << 20;

    private readonly Dictionary<string, long> _limits = new(StringComparer.Ordinal);
    private readonly List<V1Pod> _pods = [];
    private int _uids;

    public GrowthScene(string spec = "{}", bool resizes = true)
    {
        Resizes = resizes;
        Desire(spec);
        Live = Build();
        Live.Status = new V1StatefulSetStatus { ObservedGeneration = 1, CurrentRevision = "r1", UpdateRevision = "r1" };
        Live.Metadata.Generation = 1;
        for (var ordinal = 0; ordinal < 2; ordinal++) Make(ordinal);
    }

    public RenderContext Context { get; private set; } = null!;

    public V1StatefulSet Live { get; private set; }

    public bool Resizes { get; set; }

    public bool IsWhole { get; set; } = true;

    public bool ProxiesRaise { get; set; } = true;

    public bool ProxiesLive { get; set; } = true;

    /// <summary>Of the leader; another one begins with an empty one.</summary>
    public GrowthLedger Ledger { get; set; } = new();

    public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch.AddYears(55);

    public IReadOnlyList<ObservedPod> Pods => [.. _pods.Select(p => new ObservedPod(p))];

    public V1Pod Pod(int ordinal) => _pods.Single(p => p.Metadata.Name.EndsWith($"-{ordinal}", StringComparison.Ordinal));

    public ObservedPod Observed(int ordinal) => new(Pod(ordinal));

    public void Desire(string spec)
    {
        var cache = new ReplicatedCache
        {
            Metadata = new V1ObjectMeta { Name = "c", NamespaceProperty = "ns", Uid = "uid" },
            Spec = KubernetesJson.Deserialize<ReplicatedCacheSpec>(spec) with { Shards = 2 },
        };
        var (settings, faults) = SpecReader.Read(cache, new OperatorSettings());
        Assert.Empty(faults);
        Context = new RenderContext(
            settings!, new ZoneLayout([Zone], Labelled: true), new ServerCapabilities(33, "v1.33.0", Resizes ? [("v1", "Pod/resize")] : []), new OperatorSettings());
    }

    public ZoneGrowth Plan() => GrowthPlanner.Plan(new GrowthInput
    {
        Context = Context,
        Zone = Zone,
        Live = Live,
        Pods = Pods,
        IsWhole = IsWhole,
        Document = Document(),
        Fleet = new FleetView(Proxies()),
        Ledger = Ledger,
        Now = Now,
    });

    public GrowthStep Step() => Assert.IsType<GrowthStep>(Plan().Step);

    /// <summary>The StatefulSet is applied as it is planned, and its controller sees that.</summary>
    public void Apply()
    {
        var (before, status) = (Live.Spec.Template, Live.Status);
        Live = Build();
        var revision = KubernetesJson.Serialize(before) == KubernetesJson.Serialize(Live.Spec.Template) ? status.UpdateRevision : $"r{++_uids + 100}";
        Live.Metadata.Generation = status.ObservedGeneration + 1;
        Live.Status = new V1StatefulSetStatus { ObservedGeneration = Live.Metadata.Generation, CurrentRevision = status.CurrentRevision, UpdateRevision = revision };
        Control();
    }

    /// <summary>What a StatefulSet's controller does: all pods that are of another revision are replaced, unless they are held.</summary>
    /// <returns>Ordinals of the pods replaced.</returns>
    public IReadOnlyList<int> Control()
    {
        var partition = Live.Spec.UpdateStrategy.RollingUpdate?.Partition ?? 0;
        var replaced = _pods.Where(p => new ObservedPod(p).Ordinal >= partition && new ObservedPod(p).Revision != Live.Status.UpdateRevision).ToList();
        foreach (var pod in replaced)
        {
            _pods.Remove(pod);
            Make(new ObservedPod(pod).Ordinal!.Value);
        }

        if (_pods.All(p => new ObservedPod(p).Revision == Live.Status.UpdateRevision)) Live.Status.CurrentRevision = Live.Status.UpdateRevision;
        return [.. replaced.Select(p => new ObservedPod(p).Ordinal!.Value)];
    }

    /// <summary>Does a step as the operator does, the patches answered as a server would.</summary>
    public void Carry(GrowthStep step)
    {
        var pod = step.Pod.Pod;
        switch (step.Action)
        {
            case GrowthAction.Resize:
                pod.Metadata.Labels[ObservedPod.RevisionLabel] = ObservedPod.Growing;
                pod.Spec.Containers[0].Resources = step.Size.Resources;
                pod.Metadata.Generation = (pod.Metadata.Generation ?? 1) + 1;
                break;
            case GrowthAction.Finish:
                pod.Metadata.Labels[ObservedPod.RevisionLabel] = step.Revision;
                break;
            case GrowthAction.GiveUp:
                Ledger.GiveUp(pod.Metadata.Uid, step.Revision, step.Message);
                break;
        }
    }

    /// <summary>The node has given the pod what it is described with.</summary>
    public void Grant(int ordinal) => Pod(ordinal).Status.ContainerStatuses[0].Resources = Pod(ordinal).Spec.Containers[0].Resources;

    public void Say(int ordinal, string type, string reason, long? generation = null) => Pod(ordinal).Status.Conditions =
    [
        .. Pod(ordinal).Status.Conditions.Where(c => c.Type == "Ready"),
        new V1PodCondition { Type = type, Status = "True", Reason = reason, Message = "words", ObservedGeneration = generation },
    ];

    /// <summary>Proxies do what the topology tells them.</summary>
    public void Raise()
    {
        foreach (var member in Document().Members.Where(m => m.MemoryMebibytes is not null)) _limits[member.Uid] = member.MemoryMebibytes!.Value * Mebi;
    }

    public long? Named(int ordinal) => GrownMemory.Of(Observed(ordinal), Live, Resizes);

    private V1StatefulSet Build()
    {
        var holds = Live is not null && Plan().Holds;
        var set = MembersStatefulSet.Build(Context with { HeldZones = holds ? [Zone] : [] }, Zone);
        set.Metadata.Annotations = new Dictionary<string, string> { [RenderedObject.HashAnnotation] = RenderedObject.Of(set).Hash };
        return set;
    }

    private void Make(int ordinal)
    {
        var template = KubernetesJson.Deserialize<V1PodTemplateSpec>(KubernetesJson.Serialize(Live.Spec.Template));
        var uid = $"uid-{++_uids}";
        template.Metadata.Labels[ObservedPod.RevisionLabel] = Live.Status.UpdateRevision;
        _limits[uid] = MemberSize.Of(template.Spec)!.MemoryMebibytes * Mebi;
        _pods.Add(new V1Pod
        {
            Metadata = new V1ObjectMeta { Name = $"{Live.Metadata.Name}-{ordinal}", Uid = uid, Labels = template.Metadata.Labels, Generation = 1 },
            Spec = template.Spec,
            Status = new V1PodStatus
            {
                Phase = "Running",
                Conditions = [new V1PodCondition { Type = "Ready", Status = "True" }],
                ContainerStatuses =
                [
                    new V1ContainerStatus
                    {
                        Name = MembersStatefulSet.ContainerName,
                        State = new V1ContainerState { Running = new V1ContainerStateRunning() },
                        Resources = Resizes ? template.Spec.Containers[0].Resources : null,
                    },
                ],
            },
        });
    }

    private TopologyDocument Document() => new()
    {
        Cache = "ns/c",
        Generation = 1,
        Shards = 2,
        Zones = [Zone],
        Members = [.. Pods.Select(p => new Member
        {
            Uid = p.Uid, Name = p.Name, Zone = Zone, Shard = p.Ordinal!.Value, State = MemberState.Ready, Incarnation = "1@1",
            MemoryMebibytes = GrownMemory.Of(p, Live, Resizes),
        })],
    };

    private IReadOnlyList<ObservedProxy> Proxies() => !ProxiesLive ? [] :
    [
        new ObservedProxy
        {
            Name = "p", Running = true, PodReady = true,
            Status = new ProxyStatus
            {
                Name = "p", Version = "1", Generation = 1, Ready = true, StartedAt = Now, RaisesMemory = ProxiesRaise,
                Members = [.. Pods.Select(p => new MemberStatus
                {
                    Uid = p.Uid, Incarnation = "1@1", Reachable = true, ServesReads = true, Epoch = 0, MissedWrites = 0,
                    Statistics = new MemberStatistics { LimitMaxBytes = _limits[p.Uid] },
                })],
            },
        },
    ];
}
