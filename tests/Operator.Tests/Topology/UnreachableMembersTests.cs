using CacheOperator.Operator.Topology;
using CacheOperator.Topology;

namespace CacheOperator.Operator.Tests.Topology;

public sealed class UnreachableMembersTests
{
    [Fact]
    public void Members_of_lost_zones_count_no_longer_so_that_the_one_that_is_left_is_written_to()
    {
        var fleet = FakeFleet.Running();
        Lose(fleet, "b", "c");
        foreach (var zone in new[] { "b", "c" }) (fleet.ProxyOf(zone).Answers, fleet.ProxyOf(zone).SilentFor) = (false, TimeSpan.FromMinutes(1));

        // Their proxies are thought to serve until their pods are seen not to.
        fleet.ProxyOf("a").UnreachableSeconds = 60;
        Assert.False(fleet.Step().Changed);
        foreach (var zone in new[] { "b", "c" }) fleet.ProxyOf(zone).PodReady = false;
        fleet.Step();

        Assert.Equal(
            [MemberState.Ready, MemberState.Quarantined, MemberState.Quarantined], new[] { "a", "b", "c" }.Select(z => fleet.Member(z).State));
        Assert.Equal([DecisionKind.MemberUnreachable, DecisionKind.MemberUnreachable], fleet.Decisions);
        foreach (var proxy in fleet.Proxies)
        {
            proxy.Unreachable.Clear();
            (proxy.Answers, proxy.PodReady, proxy.SilentFor) = (true, true, TimeSpan.Zero);
        }

        fleet.Settle();
        Assert.All(fleet.Document!.Members, m => Assert.Equal(MemberState.Ready, m.State));
        Assert.Equal([1L, 2L, 2L], fleet.Document.Members.Select(m => m.Epoch));
    }

    [Fact]
    public void A_member_that_some_proxy_reaches_or_reached_a_moment_ago_stays()
    {
        var fleet = FakeFleet.Running();
        Lose(fleet, "b");
        foreach (var proxy in fleet.Proxies) proxy.UnreachableSeconds = 14;
        Assert.False(fleet.Step().Changed);
        foreach (var proxy in fleet.Proxies) proxy.UnreachableSeconds = 15;
        fleet.ProxyOf("c").Unreachable.Clear();
        Assert.False(fleet.Step().Changed);
        fleet.ProxyOf("c").Unreachable.Add(fleet.Member("b").Uid);
        Assert.True(fleet.Step().Changed);
    }

    [Fact]
    public void Where_nobody_can_stand_in_nothing_changes()
    {
        var fleet = FakeFleet.Running();
        Lose(fleet, "a", "b", "c");
        foreach (var proxy in fleet.Proxies) proxy.UnreachableSeconds = 100;
        Assert.False(fleet.Step().Changed);

        var single = FakeFleet.Running(2, "a");
        Lose(single, "a");
        foreach (var proxy in single.Proxies) proxy.UnreachableSeconds = 100;
        Assert.False(single.Step().Changed);
    }

    private static void Lose(FakeFleet fleet, params string[] zones)
    {
        foreach (var proxy in fleet.Proxies)
        {
            foreach (var zone in zones) proxy.Unreachable.Add(fleet.Member(zone).Uid);
        }
    }
}
