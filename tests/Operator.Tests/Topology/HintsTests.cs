using CacheOperator.Operator.Topology;
using CacheOperator.Topology;

namespace CacheOperator.Operator.Tests.Topology;

/// <summary>Writes that a member lacks and that a proxy remembers.</summary>
public sealed class HintsTests
{
    [Fact]
    public void A_member_whose_missed_writes_are_remembered_stays_as_it_is()
    {
        var fleet = FakeFleet.Running();
        fleet.ProxyOf("a").Hint(fleet.Member("b"));

        Assert.False(fleet.Step().Changed);

        // Looked at often meanwhile: they may become too many.
        Assert.True(fleet.Last!.UnderWay);
        fleet.ProxyOf("a").Hint(fleet.Member("b"), 0);
        Assert.False(fleet.Step().UnderWay);
    }

    [Fact]
    public void When_the_proxy_that_remembered_them_is_gone_the_member_is_quarantined()
    {
        var fleet = FakeFleet.Running();
        var proxy = fleet.ProxyOf("a");
        proxy.Hint(fleet.Member("b"));
        fleet.Step();
        fleet.Departed.Add(proxy.Status());
        fleet.RemoveProxy(proxy);
        fleet.AddProxy("a");

        fleet.Step();

        Assert.Equal(MemberState.Quarantined, fleet.Member("b").State);
        fleet.Settle();
        Assert.Equal(MemberState.Ready, fleet.Member("b").State);
        Assert.Equal(2, fleet.Member("b").Epoch);
    }

    [Fact]
    public void When_the_proxy_that_remembered_them_has_fallen_silent_the_member_is_quarantined()
    {
        var fleet = FakeFleet.Running();
        var proxy = fleet.ProxyOf("a");
        proxy.Hint(fleet.Member("b"));
        (proxy.PodReady, proxy.SilentFor) = (false, TimeSpan.FromSeconds(5));
        fleet.Step();
        Assert.Equal(MemberState.Ready, fleet.Member("b").State);

        proxy.SilentFor = ObservedProxy.SilenceLimit;
        fleet.Step();

        Assert.Equal(MemberState.Quarantined, fleet.Member("b").State);
    }

    [Fact]
    public void A_filled_member_that_lacks_writes_serves_once_they_are_made_up_for()
    {
        var fleet = FakeFleet.Running();
        fleet.Remove(fleet.Pod("a"));
        fleet.AddPod("a");
        fleet.Step();
        fleet.Step();
        fleet.ProxyOf("c").Hint(fleet.Member("a"));
        fleet.Finish(fleet.Copy, CopyPhase.Succeeded);

        Assert.False(fleet.Step().Changed);
        Assert.Equal(MemberState.Warming, fleet.Member("a").State);

        fleet.ProxyOf("c").Hint(fleet.Member("a"), 0);
        fleet.Step();
        Assert.Equal(MemberState.Ready, fleet.Member("a").State);
        Assert.Equal(1, fleet.Member("a").Epoch);
    }

    [Fact]
    public void The_roster_remembers_a_process_that_went_away_while_members_lacked_writes()
    {
        var roster = new ProxyRoster();
        var now = DateTimeOffset.UnixEpoch;
        roster.Answered("restarted", Status(now, hints: 1), now);
        roster.Answered("restarted", Status(now, hints: 2), now);
        roster.Answered("settled", Status(now, hints: 1), now);
        roster.Answered("settled", Status(now, hints: 0), now);
        roster.Answered("deleted", Status(now, hints: 4), now);
        Assert.Empty(roster.Departed);

        roster.Answered("restarted", Status(now.AddSeconds(9), hints: 0), now.AddSeconds(10));
        roster.Keep(["restarted"], now.AddSeconds(10));

        Assert.Equal([2, 4], roster.Departed.Select(s => s.Members[0].Hints));
        roster.Keep(["restarted"], now.AddHours(1));
        Assert.Empty(roster.Departed);
    }

    private static ProxyStatus Status(DateTimeOffset startedAt, long hints) => new()
    {
        Name = "p",
        Version = "test",
        Generation = 1,
        Ready = true,
        StartedAt = startedAt,
        Members = [new MemberStatus { Uid = "m", Reachable = false, ServesReads = false, Epoch = 1, MissedWrites = 0, Hints = hints }],
    };
}
