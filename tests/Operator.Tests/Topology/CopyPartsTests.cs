using CacheOperator.Operator.Topology;
using CacheOperator.Topology;

namespace CacheOperator.Operator.Tests.Topology;

public sealed class CopyPartsTests
{
    [Fact]
    public void A_member_is_filled_from_all_replicas_at_once_by_a_proxy_for_each()
    {
        var fleet = Filling();
        var copies = fleet.Document!.Copies;
        Assert.Equal([new KeyPart { Number = 0, Of = 2 }, new KeyPart { Number = 1, Of = 2 }], copies.Select(c => c.Part));
        Assert.Equal(["b", "c"], copies.Select(c => fleet.Zone(c.Source)));
        Assert.Equal([fleet.ProxyOf("a").Name, fleet.ProxyOf("b").Name], copies.Select(c => c.Proxy));
        Assert.Equal([(500, 50), (500, 50)], copies.Select(c => (c.MaxBytesPerSecond, c.MaxItemsPerSecond)));
    }

    [Fact]
    public void It_serves_once_all_parts_have_come()
    {
        var fleet = Filling();
        var (first, second) = (fleet.Document!.Copies[0], fleet.Document.Copies[1]);
        fleet.Finish(second, CopyPhase.Succeeded);
        fleet.Finish(first, CopyPhase.Running);
        Assert.False(fleet.Step().Changed);
        fleet.Finish(first, CopyPhase.Succeeded);
        fleet.Step();
        Assert.Equal((MemberState.Ready, 1), (fleet.Member("a").State, fleet.Member("a").Epoch));
        Assert.Empty(fleet.Document.Copies);
    }

    [Fact]
    public void Only_the_part_is_done_again_whose_proxy_was_lost()
    {
        var fleet = Filling();
        var (lost, other) = (fleet.Document!.Copies[0], fleet.Document.Copies[1]);
        fleet.RemoveProxy(fleet.ProxyOf("a"));
        fleet.Step();
        Assert.Equal([other], fleet.Document.Copies);
        Assert.Contains(DecisionKind.CopyRestarted, fleet.Decisions);
        fleet.Step();
        Assert.Equal([other.Part, lost.Part], fleet.Document.Copies.Select(c => c.Part));
        Assert.Equal([other.Id, $"c-memcached-a-0-1-{fleet.Document.Generation}-0"], fleet.Document.Copies.Select(c => c.Id));
        Assert.Equal(1, fleet.Member("a").Epoch);
        fleet.Settle();
        Assert.Equal(MemberState.Ready, fleet.Member("a").State);
    }

    [Fact]
    public void A_part_is_not_given_to_another_one_before_all_proxies_know_that_it_was_taken_away()
    {
        var fleet = Filling();
        fleet.Finish(fleet.Document!.Copies[1], CopyPhase.Failed, "connection reset");
        fleet.Now += CopyOutcome.RetryDelay;
        fleet.ProxyOf("c").Answers = false;
        fleet.Step();
        Assert.Single(fleet.Document.Copies);
        Assert.False(fleet.Step().Changed);
        fleet.ProxyOf("c").Answers = true;
        fleet.Step();
        fleet.Step();
        Assert.Equal(2, fleet.Document.Copies.Count);
    }

    [Fact]
    public void A_part_whose_source_is_lost_comes_from_another_one()
    {
        var fleet = Filling();
        fleet.Remove(fleet.Pod("b"));
        fleet.Step();
        fleet.Step();
        Assert.Equal(["c", "c"], fleet.Document!.Copies.Where(c => c.Target == fleet.Member("a").Uid).Select(c => fleet.Zone(c.Source)));
        Assert.Equal(1, fleet.Member("a").Epoch);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(CopyParts.Most)]
    public void A_source_that_nobody_reaches_any_more_is_none(int parts)
    {
        var fleet = Running(["a", "b", "c"]);
        fleet.Intent = fleet.Intent with { MaxCopyParts = parts };
        Assert.Equal(Math.Min(2, parts), PartsOf(fleet));
        foreach (var proxy in fleet.Proxies)
        {
            proxy.Unreachable.Add(fleet.Member("b").Uid);
            proxy.UnreachableSeconds = 15;
        }

        fleet.Step();
        Assert.Equal((MemberState.Quarantined, MemberState.Warming), (fleet.Member("b").State, fleet.Member("a").State));
        fleet.Step();
        Assert.All(fleet.Document!.Copies, c => Assert.Equal("c", fleet.Zone(c.Source)));
        Assert.Equal(Math.Min(2, parts), fleet.Document.Copies.Count(c => c.Target == fleet.Member("a").Uid));
    }

    [Fact]
    public void When_all_parts_are_lost_it_begins_anew()
    {
        var fleet = Filling();
        foreach (var copy in fleet.Document!.Copies) fleet.Finish(copy, CopyPhase.Failed, "connection reset");
        fleet.Now += CopyOutcome.RetryDelay;
        fleet.Step();
        Assert.Equal((2, 0), (fleet.Member("a").Epoch, fleet.Document.Copies.Count));
        fleet.Step();
        Assert.Equal(["c", "b"], fleet.Document.Copies.Select(c => fleet.Zone(c.Source)));
    }

    [Fact]
    public void What_missed_writes_is_compared_by_one_proxy()
    {
        var fleet = Running(["a", "b", "c"]);
        fleet.ProxyOf("b").Miss(fleet.Member("a"));
        fleet.Step();
        fleet.Step();
        Assert.Null(fleet.Copy.Part);
    }

    [Fact]
    public void No_source_is_read_by_two()
    {
        var fleet = Running(["a", "b", "c"]);
        foreach (var zone in new[] { "a", "b" })
        {
            fleet.Remove(fleet.Pod(zone));
            fleet.AddPod(zone);
        }

        fleet.Step();
        fleet.Step();
        Assert.Equal(2, fleet.Document!.Copies.Count);
        Assert.All(fleet.Document.Copies, c => Assert.Null(c.Part));
    }

    [Fact]
    public void There_are_no_more_than_four_parts_and_no_more_than_proxies()
    {
        Assert.Equal(4, PartsOf(Running(["a", "b", "c", "d", "e", "f"])));
        var fleet = Running(["a", "b", "c", "d", "e", "f"]);
        foreach (var zone in new[] { "d", "e", "f" }) fleet.RemoveProxy(fleet.ProxyOf(zone));
        Assert.Equal(3, PartsOf(fleet));
    }

    private static int PartsOf(FakeFleet fleet)
    {
        fleet.Remove(fleet.Pod("a"));
        fleet.AddPod("a");
        fleet.Step();
        fleet.Step();
        return fleet.Document!.Copies.Count;
    }

    private static FakeFleet Running(string[] zones)
    {
        var fleet = FakeFleet.Running(1, zones);
        fleet.Intent = fleet.Intent with { MaxCopyParts = CopyParts.Most, MaxBytesPerSecond = 1000, MaxItemsPerSecond = 100 };
        return fleet;
    }

    private static FakeFleet Filling()
    {
        var fleet = Running(["a", "b", "c"]);
        Assert.Equal(2, PartsOf(fleet));
        return fleet;
    }
}
