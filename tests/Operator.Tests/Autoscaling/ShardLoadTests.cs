using CacheOperator.Operator.Autoscaling;
using CacheOperator.Operator.Tests.Topology;
using CacheOperator.Operator.Topology;
using CacheOperator.Topology;

namespace CacheOperator.Operator.Tests.Autoscaling;

public sealed class ShardLoadTests
{
    private readonly FakeFleet _fleet = FakeFleet.Running(2, "a", "b");

    [Fact]
    public void The_fullest_zone_counts()
    {
        var load = Load(m => new MemberStatistics
        {
            CurrItems = 10, LimitMaxBytes = 100, Bytes = (m.Zone, m.Shard) == ("b", 0) ? 90 : 50, Evictions = m.Shard,
        })!;
        Assert.Equal((0.7, 40), (load.Usage, load.Items));
        Assert.Equal([0, 0, 1, 1], load.Evictions.Values.Order());
    }

    [Fact]
    public void Nothing_is_known_unless_every_member_tells()
    {
        Assert.Null(Load(m => m.Shard == 0 ? null : new MemberStatistics { LimitMaxBytes = 100 }));
        Assert.Null(Load(_ => new MemberStatistics()));
    }

    private ShardLoad? Load(Func<Member, MemberStatistics?> statistics)
    {
        var document = _fleet.Document!;
        var proxies = _fleet.Proxies.Select(p => p.Observe()).Select(p => p with
        {
            Status = p.Status! with
            {
                Members = [.. p.Status.Members.Select(s => s with { Statistics = statistics(document.Members.Single(m => m.Uid == s.Uid)) })],
            },
        });
        return ShardLoad.Of(document, new FleetView([.. proxies]));
    }
}
