using CacheOperator.Operator.Api;
using CacheOperator.Operator.NodeLoss;
using CacheOperator.Operator.Observing;
using CacheOperator.Operator.Resources;
using k8s.Models;
using Microsoft.Extensions.Time.Testing;

namespace CacheOperator.Operator.Tests.NodeLoss;

public sealed class NodeLossPlannerTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly NodeLossLedger _ledger;
    private readonly List<ObservedNode> _nodes = [];
    private readonly List<ObservedPod> _members = [];
    private readonly List<ObservedPod> _proxies = [];
    private NodeLossRules _rules = new(NodeLossPolicy.ForceDelete, TimeSpan.FromSeconds(30), new PodTemplateSpec(), Labelled: true);

    public NodeLossPlannerTests()
    {
        _ledger = new NodeLossLedger(_time);
        foreach (var zone in new[] { "a", "b" })
        {
            for (var i = 1; i <= 2; i++) _nodes.Add(Node($"{zone}{i}", zone));
        }
    }

    [Fact]
    public void A_node_that_fails_in_the_real_world_is_acted_on_80_seconds_later_and_not_after_more_than_five_minutes()
    {
        _members.Add(Member("c-memcached-a-0", "a1", "a"));

        // 0 s: the node dies. 50 s: the control plane notices. 350 s: it would mark the pod for deletion, and nothing would come of that.
        _time.Advance(TimeSpan.FromSeconds(50));
        SetReady("a1", false);
        Assert.Equal(NodeLossAction.Wait, Single().Action);
        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(NodeLossAction.Wait, Single().Action);
        Assert.Equal(_time.GetUtcNow().AddSeconds(1), Single().Due);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(NodeLossAction.ForceDelete, Single().Action);
    }

    [Fact]
    public void A_node_that_comes_back_in_time_keeps_its_pods()
    {
        _members.Add(Member("c-memcached-a-0", "a1", "a"));
        SetReady("a1", false);
        _time.Advance(TimeSpan.FromSeconds(29));
        SetReady("a1", true);
        Assert.Empty(Plan());
        _time.Advance(TimeSpan.FromMinutes(5));
        SetReady("a1", false);
        Assert.Equal(NodeLossAction.Wait, Single().Action);
    }

    [Fact]
    public void A_pod_without_a_deletion_timestamp_is_handled_all_the_same()
    {
        // With most nodes of a zone gone the control plane stops tainting, and never marks their pods.
        _members.Add(Member("c-memcached-a-0", "a1", "a"));
        SetReady("a1", false);
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.False(Single().Pod.Terminating);
        Assert.Equal(NodeLossAction.ForceDelete, Single().Action);
    }

    [Fact]
    public void Without_another_node_in_the_zone_nothing_is_deleted()
    {
        _members.Add(Member("c-memcached-a-0", "a1", "a", terminating: true));
        SetReady("a1", false);
        SetReady("a2", false);
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(NodeLossAction.NoOtherNode, Single().Action);
    }

    [Theory]
    [InlineData(true, null)]
    [InlineData(false, "dedicated")]
    public void A_node_that_is_cordoned_or_tainted_takes_nothing(bool cordoned, string? taint)
    {
        _members.Add(Member("c-memcached-a-0", "a1", "a"));
        SetReady("a1", false);
        Change("a2", n => n with { Unschedulable = cordoned, Taints = taint is null ? [] : [new V1Taint { Key = taint, Effect = "NoSchedule" }] });
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(NodeLossAction.NoOtherNode, Single().Action);

        if (taint is null) return;
        var tolerations = new[] { new V1Toleration { Key = taint, OperatorProperty = "Exists" } };
        _rules = _rules with { Template = new PodTemplateSpec { Tolerations = tolerations } };
        Assert.Equal(NodeLossAction.ForceDelete, Single().Action);
    }

    [Fact]
    public void A_node_that_the_selector_leaves_out_takes_nothing()
    {
        _members.Add(Member("c-memcached-a-0", "a1", "a"));
        _rules = _rules with { Template = new PodTemplateSpec { NodeSelector = new Dictionary<string, string> { ["disk"] = "ssd" } } };
        SetReady("a1", false);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(NodeLossAction.NoOtherNode, Single().Action);
        Change("a2", n => n with { Labels = new Dictionary<string, string> { ["disk"] = "ssd" } });
        Assert.Equal(NodeLossAction.ForceDelete, Single().Action);
    }

    [Fact]
    public void A_node_object_that_is_gone_counts_from_when_it_was_missed()
    {
        _members.Add(Member("c-memcached-a-0", "a1", "a"));
        _nodes.RemoveAll(n => n.Name == "a1");
        Assert.Equal(NodeLossAction.Wait, Single().Action);
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(NodeLossAction.ForceDelete, Single().Action);
    }

    [Fact]
    public void The_policy_can_leave_it_to_a_person()
    {
        _members.Add(Member("c-memcached-a-0", "a1", "a"));
        _rules = _rules with { Policy = NodeLossPolicy.Wait };
        SetReady("a1", false);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(NodeLossAction.LeftToPolicy, Single().Action);
    }

    [Fact]
    public void Only_so_many_pods_of_a_zone_are_deleted_at_a_time()
    {
        for (var i = 0; i < 5; i++) _members.Add(Member($"c-memcached-a-{i}", "a1", "a"));
        SetReady("a1", false);
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(NodeLossPlanner.MaxPerZone, Plan().Count(d => d.Action == NodeLossAction.ForceDelete));
        Assert.Equal(2, Plan().Count(d => d.Action == NodeLossAction.Postpone));

        for (var i = 0; i < NodeLossPlanner.MaxPerZone; i++) _ledger.Deleted("a");
        _members.RemoveRange(0, NodeLossPlanner.MaxPerZone);
        Assert.All(Plan(), d => Assert.Equal(NodeLossAction.Postpone, d.Action));
        _time.Advance(NodeLossPlanner.Window);
        Assert.All(Plan(), d => Assert.Equal(NodeLossAction.ForceDelete, d.Action));
    }

    [Fact]
    public void A_proxy_may_be_replaced_in_any_zone()
    {
        _proxies.Add(Proxy("c-proxy-x", "a1"));
        SetReady("a1", false);
        SetReady("a2", false);
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(NodeLossAction.ForceDelete, Single().Action);
    }

    [Fact]
    public void A_proxy_that_is_marked_for_deletion_leaves_even_when_no_node_is_left()
    {
        _proxies.Add(Proxy("c-proxy-x", "a1", terminating: true));
        foreach (var node in _nodes.ToList()) SetReady(node.Name, false);
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(NodeLossAction.ForceDelete, Single().Action);
    }

    [Fact]
    public void Where_nodes_tell_no_zone_any_other_node_will_do()
    {
        _rules = _rules with { Labelled = false };
        _nodes.Clear();
        _nodes.Add(Node("n1", null));
        _nodes.Add(Node("n2", null));
        _members.Add(Member("c-memcached-default-0", "n1", "default"));
        SetReady("n1", false);
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(NodeLossAction.ForceDelete, Single().Action);
    }

    [Fact]
    public void Pods_without_a_node_and_finished_pods_are_none_of_its_business()
    {
        _members.Add(Member("c-memcached-a-0", null, "a"));
        var finished = Member("c-memcached-a-1", "gone", "a");
        finished.Pod.Status = new V1PodStatus { Phase = "Failed" };
        _members.Add(finished);
        Assert.Empty(Plan());
    }

    [Fact]
    public void A_finished_pod_whose_deletion_its_lost_node_never_confirms_is_deleted()
    {
        // A node that is shut down ends its pods as Failed, perhaps while they are being deleted, and is gone before it says so.
        var finished = Member("c-memcached-a-0", "a1", "a", terminating: true);
        finished.Pod.Status = new V1PodStatus { Phase = "Failed", Reason = "Terminated" };
        _members.Add(finished);
        SetReady("a1", false);
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(NodeLossAction.ForceDelete, Single().Action);
    }

    [Fact]
    public void Without_a_view_of_the_nodes_nothing_is_done()
    {
        _members.Add(Member("c-memcached-a-0", "a1", "a"));
        _nodes.Clear();
        Assert.Empty(NodeLossPlanner.Plan(Observation() with { NodesVisible = false }, _rules, _ledger.AbsentSince, _ledger.Recent, _time.GetUtcNow()));
    }

    private NodeLossDecision Single() => Assert.Single(Plan());

    private IReadOnlyList<NodeLossDecision> Plan() =>
        NodeLossPlanner.Plan(Observation(), _rules, _ledger.AbsentSince, _ledger.Recent, _time.GetUtcNow());

    private CacheObservation Observation() => new()
    {
        Members = _members,
        Proxies = _proxies,
        StatefulSets = [],
        Nodes = _nodes,
        NodesVisible = true,
    };

    private void SetReady(string name, bool ready) => Change(name, n => n with { Ready = ready, ReadyChanged = _time.GetUtcNow() });

    private void Change(string name, Func<ObservedNode, ObservedNode> change)
    {
        var index = _nodes.FindIndex(n => n.Name == name);
        _nodes[index] = change(_nodes[index]);
    }

    private static ObservedNode Node(string name, string? zone) => new() { Name = name, Zone = zone, Ready = true };

    private static ObservedPod Member(string name, string? node, string zone, bool terminating = false)
    {
        var pod = Proxy(name, node, terminating);
        pod.Pod.Metadata.Labels[CacheLabels.Zone] = zone;
        return pod;
    }

    private static ObservedPod Proxy(string name, string? node, bool terminating = false) => new(new V1Pod
    {
        Metadata = new V1ObjectMeta
        {
            Name = name,
            Uid = Guid.NewGuid().ToString(),
            Labels = new Dictionary<string, string>(),
            DeletionTimestamp = terminating ? DateTime.UnixEpoch : null,
        },
        Spec = new V1PodSpec { NodeName = node },
        Status = new V1PodStatus { Phase = "Running" },
    });
}
