using CacheOperator.Topology;

namespace CacheOperator.Operator.Tests.Topology;

public sealed class FirstStartTests
{
    [Fact]
    public void Members_of_a_new_cache_serve_at_once_because_there_is_nothing_to_copy()
    {
        var fleet = new FakeFleet("a", "b", "c");
        foreach (var zone in fleet.Intent.Zones) fleet.AddPod(zone);

        fleet.Plan();

        Assert.All(fleet.Document!.Members, m => Assert.Equal(MemberState.Ready, m.State));
        Assert.All(fleet.Document.Members, m => Assert.Equal(1, m.Epoch));
        Assert.All(fleet.Document.Members, m => Assert.Equal(1, m.Since));
        Assert.Empty(fleet.Document.Copies);
    }

    [Fact]
    public void A_pod_without_an_address_is_cold()
    {
        var fleet = new FakeFleet("a");
        var pod = fleet.AddPod("a", address: false);
        fleet.Plan();
        Assert.Equal(MemberState.Cold, fleet.Member(pod).State);

        fleet.Change(pod, p => p with { Address = "10.0.0.9:11211" });
        fleet.Plan();
        Assert.Equal(MemberState.Ready, fleet.Member("a").State);
        Assert.Equal(2, fleet.Member("a").Since);
    }

    [Fact]
    public void A_zone_that_comes_late_is_filled_from_one_that_was_there()
    {
        var fleet = new FakeFleet("a", "b");
        fleet.AddPod("a");
        fleet.AddProxy("a");
        fleet.Settle();

        fleet.AddPod("b");
        fleet.Step();
        Assert.Equal(MemberState.Warming, fleet.Member("b").State);
        fleet.Step();
        Assert.Equal(fleet.Member("a").Uid, fleet.Copy.Source);
        Assert.Equal(fleet.Member("b").Uid, fleet.Copy.Target);
    }

    [Fact]
    public void The_first_document_exists_before_any_pod()
    {
        var fleet = new FakeFleet("a", "b");
        fleet.Plan();
        Assert.Equal(1, fleet.Document!.Generation);
        Assert.Empty(fleet.Document.Members);
    }

    [Fact]
    public void Incarnations_are_written_down_once_proxies_have_met_the_processes()
    {
        var fleet = FakeFleet.Running();
        Assert.All(fleet.Document!.Members, m => Assert.Equal(fleet.Processes[m.Uid], m.Incarnation));
        Assert.All(fleet.Document.Members, m => Assert.Equal(1, m.Epoch));
    }

    [Fact]
    public void A_fleet_at_rest_is_planned_without_any_change()
    {
        var fleet = FakeFleet.Running(shards: 2);
        var generation = fleet.Document!.Generation;
        for (var i = 0; i < 5; i++)
        {
            var plan = fleet.Step();
            Assert.False(plan.Changed);
            Assert.False(plan.UnderWay);
            Assert.Empty(plan.Decisions);
        }

        Assert.Equal(generation, fleet.Document.Generation);
    }

    [Fact]
    public void Nodes_of_proxies_are_listed_with_their_zones_and_no_others()
    {
        var fleet = FakeFleet.Running();
        fleet.Intent = fleet.Intent with
        {
            NodeZones = new Dictionary<string, string> { ["node-a"] = "a", ["node-b"] = "b", ["node-c"] = "c", ["elsewhere"] = "a" },
        };
        fleet.Step();
        Assert.Equal(["node-a", "node-b", "node-c"], fleet.Document!.Nodes.Keys);
    }

    [Fact]
    public void Two_shards_are_filled_within_themselves()
    {
        var fleet = FakeFleet.Running(shards: 2, "a", "b");
        fleet.Remove(fleet.Pod("a", 0));
        fleet.Remove(fleet.Pod("a", 1));
        fleet.AddPod("a", 0);
        fleet.AddPod("a", 1);
        fleet.Step();
        fleet.Step();
        Assert.Equal(2, fleet.Document!.Copies.Count);
        Assert.All(fleet.Document.Copies, c =>
            Assert.Equal(
                fleet.Document.Members.Single(m => m.Uid == c.Target).Shard,
                fleet.Document.Members.Single(m => m.Uid == c.Source).Shard));
    }

    [Fact]
    public void A_lost_document_is_begun_anew_above_what_proxies_have_applied()
    {
        var fleet = FakeFleet.Running();
        var generation = fleet.Document!.Generation;
        fleet.Document = null;
        fleet.Plan();
        Assert.Equal(generation + 1, fleet.Document!.Generation);
    }

    [Fact]
    public void A_document_that_was_begun_anew_goes_above_what_members_show_of_proxies_that_do_not_answer()
    {
        var fleet = FakeFleet.Running();
        fleet.ProxyOf("a").NewerGeneration = 50;
        fleet.Step();
        Assert.Equal(51, fleet.Document!.Generation);
        fleet.ProxyOf("a").NewerGeneration = 0;
        Assert.False(fleet.Step().Changed);
    }
}
