using CacheOperator.Operator.Topology;
using CacheOperator.Topology;

namespace CacheOperator.Operator.Tests.Topology;

public sealed class MissedWritesTests
{
    [Fact]
    public void A_member_that_missed_writes_is_quarantined_and_repaired()
    {
        var fleet = FakeFleet.Running();
        fleet.ProxyOf("b").Miss(fleet.Member("a"));
        fleet.Step();
        Assert.Equal(MemberState.Quarantined, fleet.Member("a").State);
        Assert.Equal(2, fleet.Member("a").Epoch);
        Assert.Empty(fleet.Document!.Copies);

        fleet.Step();
        Assert.Equal(fleet.Member("a").Uid, fleet.Copy.Target);

        fleet.Finish(fleet.Copy, CopyPhase.Succeeded);
        fleet.Step();
        Assert.Equal(MemberState.Ready, fleet.Member("a").State);
    }

    [Fact]
    public void Writes_of_an_epoch_that_is_over_do_not_count()
    {
        var fleet = FakeFleet.Running();
        fleet.ProxyOf("b").Miss(fleet.Member("a") with { Epoch = 0 });
        Assert.False(fleet.Step().Changed);
    }

    [Fact]
    public void The_only_replica_serves_on_with_a_new_epoch_that_lets_proxies_read_from_it_again()
    {
        var fleet = FakeFleet.Running(1, "a");
        fleet.ProxyOf("a").Miss(fleet.Member("a"));
        fleet.Step();
        Assert.Equal(MemberState.Ready, fleet.Member("a").State);
        Assert.Equal(2, fleet.Member("a").Epoch);
        Assert.Equal([DecisionKind.MissedWritesAccepted], fleet.Decisions);
        Assert.False(fleet.Step().Changed);
    }

    [Fact]
    public void The_only_replica_is_not_forgiven_while_it_cannot_be_reached()
    {
        var fleet = FakeFleet.Running(1, "a");
        fleet.ProxyOf("a").Miss(fleet.Member("a"));
        fleet.ProxyOf("a").Unreachable.Add(fleet.Member("a").Uid);
        Assert.False(fleet.Step().Changed);
    }

    [Fact]
    public void When_all_replicas_missed_writes_the_one_that_missed_least_serves_on()
    {
        var fleet = FakeFleet.Running();
        fleet.ProxyOf("a").Miss(fleet.Member("a"), 5);
        fleet.ProxyOf("a").Miss(fleet.Member("b"), 1);
        fleet.ProxyOf("a").Miss(fleet.Member("c"), 9);
        fleet.Step();
        Assert.Equal(MemberState.Quarantined, fleet.Member("a").State);
        Assert.Equal(MemberState.Ready, fleet.Member("b").State);
        Assert.Equal(MemberState.Quarantined, fleet.Member("c").State);
        fleet.Settle();
        Assert.All(fleet.Document!.Members, m => Assert.Equal(MemberState.Ready, m.State));
    }

    [Fact]
    public void A_member_that_missed_writes_while_it_was_filled_starts_over()
    {
        var fleet = Filling();
        fleet.ProxyOf("b").Miss(fleet.Member("a"));
        fleet.Finish(fleet.Copy, CopyPhase.Succeeded);
        fleet.Step();
        Assert.Equal(MemberState.Warming, fleet.Member("a").State);
        Assert.Equal(2, fleet.Member("a").Epoch);
        Assert.Empty(fleet.Document!.Copies);

        fleet.Step();
        Assert.Equal(fleet.Member("a").Uid, fleet.Copy.Target);
    }

    [Fact]
    public void A_source_that_missed_writes_makes_its_copies_worthless()
    {
        var fleet = Filling();
        var source = fleet.Document!.Members.Single(m => m.Uid == fleet.Copy.Source);
        fleet.ProxyOf("c").Miss(source);
        fleet.Finish(fleet.Copy, CopyPhase.Succeeded);
        fleet.Step();
        Assert.Equal(MemberState.Warming, fleet.Member("a").State);
        Assert.Equal(2, fleet.Member("a").Epoch);
        Assert.Equal(MemberState.Quarantined, fleet.Document.Members.Single(m => m.Uid == source.Uid).State);
        fleet.Settle();
        Assert.All(fleet.Document.Members, m => Assert.Equal(MemberState.Ready, m.State));
    }

    [Fact]
    public void A_proxy_that_comes_up_with_an_old_document_during_a_copy_makes_it_start_over()
    {
        var fleet = FakeFleet.Running();
        var old = fleet.Document;
        fleet.Remove(fleet.Pod("a"));
        fleet.AddPod("a");
        fleet.Step();
        fleet.Step();
        Assert.Single(fleet.Document!.Copies);

        fleet.ProxyOf("b").RestartWith(old);
        fleet.Finish(fleet.Copy, CopyPhase.Succeeded);
        fleet.Step();
        Assert.Equal(MemberState.Warming, fleet.Member("a").State);
        Assert.Equal(2, fleet.Member("a").Epoch);
    }

    [Fact]
    public void A_proxy_that_comes_up_without_any_document_does_no_harm()
    {
        var fleet = Filling();
        fleet.ProxyOf("b").RestartWith(null);
        fleet.Finish(fleet.Copy, CopyPhase.Succeeded);
        fleet.Step();
        Assert.Equal(MemberState.Ready, fleet.Member("a").State);
    }

    [Fact]
    public void A_member_out_of_reach_waits_and_gets_no_epoch_after_epoch()
    {
        var fleet = FakeFleet.Running();
        foreach (var proxy in fleet.Proxies)
        {
            proxy.Unreachable.Add(fleet.Member("a").Uid);
            proxy.Miss(fleet.Member("a"));
        }

        fleet.Step();
        Assert.Equal(MemberState.Quarantined, fleet.Member("a").State);
        foreach (var proxy in fleet.Proxies) proxy.Miss(fleet.Member("a"));
        for (var i = 0; i < 5; i++) Assert.False(fleet.Step().Changed);

        foreach (var proxy in fleet.Proxies) proxy.Unreachable.Clear();
        fleet.Settle();
        Assert.Equal(MemberState.Ready, fleet.Member("a").State);
        Assert.Equal(3, fleet.Member("a").Epoch);
    }

    [Fact]
    public void A_member_that_one_proxy_cannot_reach_is_not_filled_yet()
    {
        var fleet = FakeFleet.Running();
        fleet.Remove(fleet.Pod("a"));
        var pod = fleet.AddPod("a");
        fleet.ProxyOf("c").Unreachable.Add(pod.Uid);
        for (var i = 0; i < 3; i++) fleet.Step();
        Assert.Empty(fleet.Document!.Copies);
        fleet.ProxyOf("c").Unreachable.Clear();
        fleet.Step();
        Assert.Single(fleet.Document.Copies);
    }

    private static FakeFleet Filling()
    {
        var fleet = FakeFleet.Running();
        fleet.Remove(fleet.Pod("a"));
        fleet.AddPod("a");
        fleet.Step();
        fleet.Step();
        Assert.Single(fleet.Document!.Copies);
        return fleet;
    }
}
