using CacheOperator.Operator.Api;
using CacheOperator.Operator.Observing;
using CacheOperator.Operator.Resources;
using CacheOperator.Operator.Settings;
using CacheOperator.Operator.Topology;
using CacheOperator.Topology;
using k8s.Models;

namespace CacheOperator.Operator.Tests.Topology;

public sealed class ZoneDiscoveryTests
{
    [Fact]
    public void Zones_are_those_of_the_nodes_that_suit_the_pods()
    {
        var (layout, fault) = Find(new ReplicatedCacheSpec(), null, Node("n1", "b"), Node("n2", "a"), Node("n3", "b"), Node("n4", "c") with { Unschedulable = true });
        Assert.Null(fault);
        Assert.Equal(["a", "b"], layout!.Zones);
        Assert.True(layout.Labelled);
    }

    [Fact]
    public void A_node_that_is_down_for_the_moment_still_shows_its_zone()
    {
        var down = Node("n1", "a") with { Ready = false, Taints = [new V1Taint { Key = "node.kubernetes.io/unreachable", Effect = "NoSchedule" }] };
        Assert.Equal(["a"], Find(new ReplicatedCacheSpec(), null, down).Layout!.Zones);
    }

    [Fact]
    public void Nodes_that_the_pods_do_not_tolerate_or_select_do_not_count()
    {
        var control = Node("n1", "a") with { Taints = [new V1Taint { Key = "node-role.kubernetes.io/control-plane", Effect = "NoSchedule" }] };
        Assert.NotNull(Find(new ReplicatedCacheSpec(), null, control).Fault);
        var tolerating = new ReplicatedCacheSpec
        {
            PodTemplate = new PodTemplateSpec { Tolerations = [new V1Toleration { Key = "node-role.kubernetes.io/control-plane", OperatorProperty = "Exists" }] },
        };
        Assert.Equal(["a"], Find(tolerating, null, control).Layout!.Zones);
    }

    [Fact]
    public void Without_zone_labels_there_is_one_zone()
    {
        var (layout, _) = Find(new ReplicatedCacheSpec(), null, Node("n1", null));
        Assert.Equal([ZoneLayout.Unlabelled], layout!.Zones);
        Assert.False(layout.Labelled);
        Assert.Equal(ZoneLayout.Unlabelled, ZoneDiscovery.NodeZones(layout, Observation(true, Node("n1", null)))["n1"]);
    }

    [Fact]
    public void Zones_once_chosen_are_kept()
    {
        var (layout, _) = Find(new ReplicatedCacheSpec(), Document("a", "b"), Node("n1", "a"), Node("n2", "b"), Node("n3", "c"));
        Assert.Equal(["a", "b"], layout!.Zones);
    }

    [Fact]
    public void A_zone_that_comes_later_is_proposed_where_zones_were_discovered()
    {
        ObservedNode[] nodes = [Node("n1", "a"), Node("n2", "b"), Node("n3", "c"), Node("n4", "d") with { Unschedulable = true }];
        Assert.Equal(["c"], Unused(new ReplicatedCacheSpec(), nodes));
        Assert.Empty(Unused(new ReplicatedCacheSpec { Zones = ["a", "b"] }, nodes));
        Assert.Empty(Unused(new ReplicatedCacheSpec(), nodes[..2]));
    }

    [Fact]
    public void A_zone_asked_for_must_exist_when_it_is_new()
    {
        var spec = new ReplicatedCacheSpec { Zones = ["a", "atlantis"] };
        var (layout, fault) = Find(spec, null, Node("n1", "a"));
        Assert.Null(layout);
        Assert.Contains("atlantis", fault, StringComparison.Ordinal);
        Assert.Contains("known zones are a", fault, StringComparison.Ordinal);

        // One that is in use may lose its last node without the spec becoming wrong.
        Assert.NotNull(Find(spec, Document("a", "atlantis"), Node("n1", "a")).Layout);
    }

    [Fact]
    public void An_operator_that_may_not_see_nodes_needs_the_zones()
    {
        Assert.Contains("spec.zones", ZoneDiscovery.Find(Settings(new ReplicatedCacheSpec()), null, Observation(false)).Fault, StringComparison.Ordinal);
        Assert.NotNull(ZoneDiscovery.Find(Settings(new ReplicatedCacheSpec { Zones = ["a"] }), null, Observation(false)).Layout);
    }

    [Fact]
    public void Members_tell_the_zones_of_their_nodes_where_nodes_may_not_be_seen()
    {
        var pod = new ObservedPod(new V1Pod
        {
            Metadata = new V1ObjectMeta { Name = "p", Labels = new Dictionary<string, string> { [CacheLabels.Zone] = "a" } },
            Spec = new V1PodSpec { NodeName = "n1" },
        });
        var zones = ZoneDiscovery.NodeZones(new ZoneLayout(["a"], true), Observation(false) with { Members = [pod] });
        Assert.Equal("a", zones["n1"]);
    }

    [Theory]
    [InlineData("cordon", true)]
    [InlineData("heartbeat", false)]
    [InlineData("ready", true)]
    [InlineData("label", true)]
    [InlineData("taint", true)]
    public void Only_changes_of_a_node_that_matter_wake_anybody(string change, bool matters)
    {
        var before = Api();
        var after = Api();
        switch (change)
        {
            case "cordon": after.Spec.Unschedulable = true; break;
            case "heartbeat": after.Status.Conditions[0].LastHeartbeatTime = DateTime.UtcNow; break;
            case "ready": after.Status.Conditions[0].Status = "Unknown"; break;
            case "label": after.Metadata.Labels["x"] = "y"; break;
            default: after.Spec.Taints = [new V1Taint { Key = "k", Effect = "NoExecute" }]; break;
        }

        Assert.Equal(matters, ObservedNode.Differs(before, after));
        Assert.True(ObservedNode.Differs(before, null));
    }

    private static V1Node Api() => new()
    {
        Metadata = new V1ObjectMeta { Name = "n", Labels = new Dictionary<string, string> { [CacheLabels.NodeZone] = "a" } },
        Spec = new V1NodeSpec(),
        Status = new V1NodeStatus { Conditions = [new V1NodeCondition { Type = "Ready", Status = "True", LastTransitionTime = DateTime.UnixEpoch }] },
    };

    private static (ZoneLayout? Layout, string? Fault) Find(ReplicatedCacheSpec spec, TopologyDocument? document, params ObservedNode[] nodes) =>
        ZoneDiscovery.Find(Settings(spec), document, Observation(true, nodes));

    private static IReadOnlyList<string> Unused(ReplicatedCacheSpec spec, ObservedNode[] nodes) =>
        ZoneDiscovery.Unused(Settings(spec), new ZoneLayout(["a", "b"], true), Observation(true, nodes));

    private static CacheSettings Settings(ReplicatedCacheSpec spec) => SpecReader.Read(
        new ReplicatedCache { Metadata = new V1ObjectMeta { Name = "c", NamespaceProperty = "ns", Uid = "u" }, Spec = spec }, new OperatorSettings()).Settings!;

    private static TopologyDocument Document(params string[] zones) => new() { Cache = "ns/c", Generation = 1, Zones = zones };

    private static ObservedNode Node(string name, string? zone) => new() { Name = name, Zone = zone, Ready = true };

    private static CacheObservation Observation(bool visible, params ObservedNode[] nodes) => new()
    {
        Members = [],
        Proxies = [],
        StatefulSets = [],
        Nodes = nodes,
        NodesVisible = visible,
    };
}
