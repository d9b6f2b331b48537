using CacheOperator.Proxy.Reconciliation;
using CacheOperator.Topology;

namespace CacheOperator.Proxy.Tests.Reconciliation;

public sealed class ReconciliationPlanTests
{
    private static readonly TopologyDocument Document = new()
    {
        Cache = "tests/plan",
        Generation = 1,
        Shards = 3,
        Zones = ["a", "b", "c"],
        Proxies = [new ProxyIdentity { Name = "second", Number = 7 }, new ProxyIdentity { Name = "first", Number = 3 }],
        Members = [.. from shard in Enumerable.Range(0, 3) from zone in (string[])["a", "b", "c"] select MemberOf(zone, shard)],
    };

    [Fact]
    public void Every_pair_of_every_shard_falls_to_one_proxy()
    {
        Assert.Equal(["a0-b0", "a0-c0", "b0-c0", "a2-b2", "a2-c2", "b2-c2"], PlanOf(Document, "first"));
        Assert.Equal(["a1-b1", "a1-c1", "b1-c1"], PlanOf(Document, "second"));
    }

    [Fact]
    public void A_proxy_that_is_not_listed_leaves_it_to_those_that_are()
    {
        Assert.Empty(PlanOf(Document, "third"));
        Assert.Equal(9, PlanOf(Document with { Proxies = [] }, "third").Count);
    }

    [Fact]
    public void Only_members_that_serve_are_compared() =>
        Assert.Equal(["a1-c1"], PlanOf(Change("b1", member => member with { State = MemberState.Quarantined }), "second"));

    [Fact]
    public void A_shard_of_which_a_member_is_being_filled_waits()
    {
        var filling = Change("b1", member => member with { State = MemberState.Warming });
        Assert.Empty(PlanOf(filling with { Copies = [new CopyAssignment { Id = "c", Proxy = "first", Source = "a1", Target = "b1" }] }, "second"));
    }

    [Fact]
    public void While_keys_move_nothing_is_compared() =>
        Assert.Empty(PlanOf(Document with { Schema = 2, Resharding = new Resharding { From = 3, To = 2, Phase = ReshardingPhase.Filling, Since = 1 } }, "first"));

    private static List<string> PlanOf(TopologyDocument document, string proxy) => [.. ReconciliationPlan.Of(document, proxy).Select(pair => $"{pair.Left.Name}-{pair.Right.Name}")];

    private static TopologyDocument Change(string name, Func<Member, Member> change) => Document with { Members = [.. Document.Members.Select(m => m.Name == name ? change(m) : m)] };

    private static Member MemberOf(string zone, int shard) =>
        new() { Uid = $"{zone}{shard}", Name = $"{zone}{shard}", Zone = zone, Shard = shard, Address = "127.0.0.1:1", State = MemberState.Ready };
}
