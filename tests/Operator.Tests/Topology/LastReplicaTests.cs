using CacheOperator.Operator.Topology;
using CacheOperator.Topology;

namespace CacheOperator.Operator.Tests.Topology;

public sealed class LastReplicaTests
{
    [Fact]
    public void When_all_replicas_are_lost_their_replacements_serve_at_once()
    {
        var fleet = FakeFleet.Running();
        fleet.Pods.Clear();
        fleet.AddPod("a");
        fleet.AddPod("b");
        fleet.Step();
        Assert.Equal([MemberState.Ready, MemberState.Ready], fleet.Document!.Members.Select(m => m.State));
    }

    [Fact]
    public void A_half_filled_member_serves_when_its_source_was_the_last_one()
    {
        var fleet = FakeFleet.Running(1, "a", "b");
        fleet.Remove(fleet.Pod("a"));
        fleet.AddPod("a");
        fleet.Step();
        fleet.Step();
        fleet.Finish(fleet.Copy, CopyPhase.Running);
        fleet.Remove(fleet.Pod("b"));
        fleet.AddPod("b");
        fleet.Step();
        Assert.Equal(MemberState.Ready, fleet.Member("a").State);
        Assert.Contains(DecisionKind.IncompleteMemberServes, fleet.Decisions);
        Assert.Equal(MemberState.Warming, fleet.Member("b").State);
        fleet.Settle();
        Assert.Equal(MemberState.Ready, fleet.Member("b").State);
    }

    [Fact]
    public void The_only_replica_that_restarts_serves_again_empty()
    {
        var fleet = FakeFleet.Running(1, "a");
        fleet.RestartProcess(fleet.Pod("a"));
        fleet.Step();
        Assert.Equal(MemberState.Ready, fleet.Member("a").State);
        Assert.Equal(2, fleet.Member("a").Epoch);
        Assert.Equal(fleet.Processes[fleet.Pod("a").Uid], fleet.Member("a").Incarnation);
    }

    [Fact]
    public void A_quarantined_member_serves_when_nothing_else_is_left()
    {
        var fleet = FakeFleet.Running(1, "a", "b");
        fleet.ProxyOf("b").Miss(fleet.Member("a"));
        fleet.Step();
        Assert.Equal(MemberState.Quarantined, fleet.Member("a").State);
        fleet.Remove(fleet.Pod("b"));
        fleet.Step();
        Assert.Equal(MemberState.Ready, fleet.Member("a").State);
        Assert.Contains(DecisionKind.IncompleteMemberServes, fleet.Decisions);
    }

    [Fact]
    public void A_member_out_of_reach_does_not_serve_before_a_fresh_one()
    {
        var fleet = FakeFleet.Running(1, "a", "b");
        fleet.ProxyOf("b").Miss(fleet.Member("a"));
        fleet.Step();
        foreach (var proxy in fleet.Proxies) proxy.Unreachable.Add(fleet.Member("a").Uid);
        fleet.Remove(fleet.Pod("b"));
        var fresh = fleet.AddPod("b");
        fleet.Step();
        Assert.Equal(MemberState.Quarantined, fleet.Member("a").State);
        Assert.Equal(MemberState.Ready, fleet.Member(fresh).State);
    }

    [Fact]
    public void A_whole_zone_lost_leaves_the_others_as_they_are()
    {
        var fleet = FakeFleet.Running(shards: 2);
        var others = fleet.Document!.Members.Where(m => m.Zone != "b").ToList();
        fleet.Remove(fleet.Pod("b", 0));
        fleet.Remove(fleet.Pod("b", 1));
        fleet.Settle();
        Assert.Equal(others, fleet.Document.Members);
    }
}
