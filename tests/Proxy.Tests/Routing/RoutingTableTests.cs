using CacheOperator.Proxy.Routing;
using CacheOperator.Topology;

namespace CacheOperator.Proxy.Tests.Routing;

public sealed class RoutingTableTests
{
    [Theory]
    [InlineData("a", "a,b,c")]
    [InlineData("b", "b,c,a")]
    [InlineData("c", "c,a,b")]
    [InlineData(null, "a,b,c")]
    [InlineData("elsewhere", "a,b,c")]
    public void A_proxy_reads_its_own_zone_first_and_then_the_following_ones(string? zone, string order)
    {
        var table = RoutingTable.Build(Document(2), zone);

        Assert.Equal(order, string.Join(',', table.Shards[1].Select(r => r.Member.Zone)));
        Assert.All(table.Shards[1], r => Assert.Equal(r.Member.Zone == zone, r.IsLocal));
        Assert.All(table.Shards[1], r => Assert.Equal(1, r.Member.Shard));
    }

    [Fact]
    public void A_cold_member_gets_no_writes()
    {
        var document = Document(1);
        document = document with { Members = [document.Members[0] with { State = MemberState.Cold, Address = null }, .. document.Members.Skip(1)] };

        Assert.Equal(["a", "b"], RoutingTable.Build(document, "a").Shards[0].Select(r => r.Member.Zone));
    }

    [Fact]
    public void The_zone_comes_from_the_flag_or_else_from_the_node()
    {
        var document = Document(1) with { Nodes = new Dictionary<string, string> { ["node-7"] = "b" } };

        Assert.Equal("c", RoutingTable.ZoneOf(document, "c", "node-7"));
        Assert.Equal("b", RoutingTable.ZoneOf(document, null, "node-7"));
        Assert.Null(RoutingTable.ZoneOf(document, null, "node-8"));
        Assert.Null(RoutingTable.ZoneOf(document, null, null));
    }

    [Fact]
    public void More_members_of_a_shard_than_can_be_addressed_are_refused()
    {
        var document = Document(1);
        document = document with { Members = [.. Enumerable.Range(0, RoutingTable.MaxReplicas + 1).Select(i => document.Members[0] with { Uid = $"u{i}" })] };

        Assert.Throws<TopologyException>(() => RoutingTable.Build(document, "a"));
    }

    private static TopologyDocument Document(int shards) => new()
    {
        Cache = "default/sessions",
        Generation = 1,
        Shards = shards,
        Zones = ["a", "b", "c"],
        Members = [.. from zone in new[] { "c", "a", "b" } from shard in Enumerable.Range(0, shards)
            select new Member { Uid = $"{zone}{shard}", Name = $"{zone}-{shard}", Zone = zone, Shard = shard, Address = "127.0.0.1:1", State = MemberState.Ready }],
    };
}
