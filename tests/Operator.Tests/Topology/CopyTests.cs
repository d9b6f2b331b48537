using CacheOperator.Operator.Topology;
using CacheOperator.Topology;

namespace CacheOperator.Operator.Tests.Topology;

public sealed class CopyTests
{
    [Fact]
    public void A_copy_whose_proxy_dies_is_started_over_by_another()
    {
        var fleet = Filling();
        var dead = fleet.ProxyOf("a");
        Assert.Equal(dead.Name, fleet.Copy.Proxy);
        fleet.RemoveProxy(dead);
        fleet.Step();
        Assert.Contains(DecisionKind.CopyRestarted, fleet.Decisions);
        fleet.Step();
        Assert.NotEqual(dead.Name, fleet.Copy.Proxy);
        fleet.Settle();
        Assert.Equal(MemberState.Ready, fleet.Member("a").State);
    }

    [Fact]
    public void A_copy_whose_source_dies_is_started_over_from_another_replica()
    {
        var fleet = Filling();
        var source = fleet.Pods.Single(p => p.Uid == fleet.Copy.Source);
        fleet.Remove(source);
        fleet.Step();
        Assert.Empty(fleet.Document!.Copies);
        Assert.Equal(2, fleet.Member("a").Epoch);
        fleet.Step();
        Assert.NotEqual(source.Uid, fleet.Copy.Source);
    }

    [Fact]
    public void A_source_that_is_leaving_is_no_source_any_more()
    {
        var fleet = Filling();
        var source = fleet.Pods.Single(p => p.Uid == fleet.Copy.Source);
        fleet.Change(source, p => p with { Terminating = true });
        fleet.Step();
        Assert.Empty(fleet.Document!.Copies);
        fleet.Step();
        Assert.NotEqual(source.Uid, fleet.Copy.Source);
    }

    [Fact]
    public void A_failed_copy_is_tried_again_after_a_while_elsewhere()
    {
        var fleet = Filling();
        var failed = fleet.Copy;
        fleet.Finish(failed, CopyPhase.Failed, "connection reset");
        Assert.False(fleet.Step().Changed);

        fleet.Now += CopyOutcome.RetryDelay;
        fleet.Step();
        Assert.Contains(fleet.Last!.Decisions, d => d.Message.Contains("connection reset", StringComparison.Ordinal));
        fleet.Step();
        Assert.NotEqual(failed.Id, fleet.Copy.Id);
        Assert.NotEqual((failed.Proxy, failed.Source), (fleet.Copy.Proxy, fleet.Copy.Source));
    }

    [Fact]
    public void A_target_that_restarts_while_it_is_filled_is_filled_anew()
    {
        var fleet = Filling();
        var id = fleet.Copy.Id;
        fleet.RestartProcess(fleet.Pod("a"));
        fleet.Finish(fleet.Copy, CopyPhase.Succeeded);
        fleet.Step();
        Assert.Equal(MemberState.Warming, fleet.Member("a").State);
        Assert.Empty(fleet.Document!.Copies);
        fleet.Step();
        Assert.NotEqual(id, fleet.Copy.Id);
    }

    [Fact]
    public void A_target_that_leaves_takes_its_copy_with_it()
    {
        var fleet = Filling();
        fleet.Change(fleet.Pod("a"), p => p with { Terminating = true });
        fleet.Step();
        Assert.Empty(fleet.Document!.Copies);
        Assert.Equal(MemberState.Draining, fleet.Member("a").State);
    }

    [Fact]
    public void One_proxy_does_only_so_many_copies_at_a_time()
    {
        var fleet = new FakeFleet("a", "b");
        fleet.Intent = fleet.Intent with { Shards = 8 };
        fleet.AddProxy("a");
        for (var shard = 0; shard < 8; shard++) fleet.AddPod("a", shard);
        fleet.Settle();
        for (var shard = 0; shard < 8; shard++) fleet.AddPod("b", shard);
        fleet.Step();
        fleet.Step();
        Assert.Equal(ProxyChoice.MaxPerProxy, fleet.Document!.Copies.Count);
        fleet.Settle();
        Assert.All(fleet.Document.Members, m => Assert.Equal(MemberState.Ready, m.State));
    }

    [Fact]
    public void Without_a_ready_proxy_a_member_waits()
    {
        var fleet = FakeFleet.Running();
        fleet.Remove(fleet.Pod("a"));
        fleet.AddPod("a");
        foreach (var proxy in fleet.Proxies) proxy.PodReady = false;
        for (var i = 0; i < 3; i++) fleet.Step();
        Assert.Empty(fleet.Document!.Copies);
        Assert.Equal(MemberState.Warming, fleet.Member("a").State);
    }

    [Fact]
    public void The_copy_carries_the_pace_of_the_spec()
    {
        var fleet = FakeFleet.Running();
        fleet.Intent = fleet.Intent with { MaxBytesPerSecond = 1000 };
        fleet.Remove(fleet.Pod("a"));
        fleet.AddPod("a");
        fleet.Step();
        fleet.Step();
        Assert.Equal(1000, fleet.Copy.MaxBytesPerSecond);
    }

    [Fact]
    public void A_new_leader_goes_on_where_the_last_one_stopped()
    {
        // The planner has no memory: what it needs is in the document, read back from its stored form.
        var fleet = Filling();
        fleet.Document = TopologyJson.ReadTopology(TopologyJson.Write(fleet.Document!));
        Assert.False(fleet.Step().Changed);
        fleet.Finish(fleet.Copy, CopyPhase.Succeeded);
        fleet.Document = TopologyJson.ReadTopology(TopologyJson.Write(fleet.Document!));
        fleet.Step();
        Assert.Equal(MemberState.Ready, fleet.Member("a").State);
    }

    private static FakeFleet Filling()
    {
        var fleet = FakeFleet.Running();
        fleet.Remove(fleet.Pod("a"));
        fleet.AddPod("a");
        fleet.Step();
        fleet.Step();
        fleet.Finish(fleet.Copy, CopyPhase.Running);
        return fleet;
    }
}
