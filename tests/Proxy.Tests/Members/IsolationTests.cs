using CacheOperator.Proxy.Hints;
using CacheOperator.Proxy.Members;
using CacheOperator.Topology;
using Microsoft.Extensions.Time.Testing;

namespace CacheOperator.Proxy.Tests.Members;

public sealed class IsolationTests
{
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(3, 2, false)]
    [InlineData(3, 1, true)]
    [InlineData(3, 0, true)]
    [InlineData(2, 1, false)]
    [InlineData(2, 0, true)]
    [InlineData(1, 0, false)] // there is nobody who could reach more
    public void Whoever_reaches_fewer_than_half_is_cut_off_after_a_moment(int zones, int reached, bool expected)
    {
        var (document, members) = Fleet(zones, shards: 1);
        foreach (var member in members.Values) Reach(member);
        foreach (var member in members.Values.Skip(reached)) member.Record.SetReachable(0, false);

        Assert.False(Isolation.Of(document, members).IsIsolated);
        _time.Advance(Isolation.Patience);

        Assert.Equal(expected, Isolation.Of(document, members).IsIsolated);
        if (zones > 1) Assert.Equal((reached, zones), (Isolation.Of(document, members).Reached, Isolation.Of(document, members).Total));
    }

    [Fact]
    public void A_proxy_that_starts_is_cut_off_until_it_has_reached_half()
    {
        var (document, members) = Fleet(zones: 3, shards: 2);
        var reached = 0;
        foreach (var member in members.Values)
        {
            Assert.Equal(reached < 3, Isolation.Of(document, members).IsIsolated);
            Reach(member);
            reached++;
        }
    }

    [Fact]
    public void Members_that_the_topology_does_not_call_Ready_do_not_count()
    {
        var (document, members) = Fleet(zones: 3, shards: 1);
        Reach(members.Values.First());
        Assert.True(Isolation.Of(document, members).IsIsolated);

        document = document with { Members = [document.Members[0], .. document.Members.Skip(1).Select(m => m with { State = MemberState.Quarantined })] };

        Assert.False(Isolation.Of(document, members).IsIsolated);
    }

    private static void Reach(MemberHealth member)
    {
        member.Record.Met("1@1", new MemberStatistics());
        member.Record.SetReachable(0, true);
    }

    private (TopologyDocument Document, IReadOnlyDictionary<string, MemberHealth> Members) Fleet(int zones, int shards)
    {
        var document = new TopologyDocument
        {
            Cache = "default/sessions",
            Generation = 1,
            Shards = shards,
            Zones = [.. Enumerable.Range(0, zones).Select(z => $"z{z}")],
            Members =
            [
                .. Enumerable.Range(0, zones * shards).Select(i => new Member
                {
                    Uid = $"{i}", Name = $"m{i}", Zone = $"z{i % zones}", Shard = i / zones, Address = "127.0.0.1:1", State = MemberState.Ready,
                }),
            ],
        };
        var members = new MemberRegistry(new HintLimits(10, 1000), _time).Update(document);
        foreach (var member in members.Values) member.Record.SetReachable(0, false);
        return (document, members);
    }
}
