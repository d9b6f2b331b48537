using CacheOperator.Proxy.Replication;
using CacheOperator.Topology;

namespace CacheOperator.Proxy.Tests.Replication;

public sealed class WriteTallyTests
{
    private const ulong Local = 0b001;

    [Fact]
    public void A_majority_with_the_own_zone_and_the_primary_is_enough()
    {
        var tally = Sent(ready: 3);
        tally.Settle(0, Verdict.Applied, isReady: true);
        Assert.False(IsSatisfied(tally, primary: 0));

        tally.Settle(1, Verdict.Applied, isReady: true);

        Assert.True(IsSatisfied(tally, primary: 0));
        Assert.False(IsSatisfied(tally, primary: 2));
    }

    [Fact]
    public void What_a_process_that_is_not_Ready_acknowledges_does_not_count()
    {
        var tally = Sent(ready: 3);
        tally.Settle(0, Verdict.Applied, isReady: true);
        tally.Settle(1, Verdict.Applied, isReady: false);

        Assert.False(IsSatisfied(tally, primary: 0));
        Assert.Equal((0b010UL, 0b011UL), (tally.Late, tally.Applied));
    }

    [Fact]
    public void Nothing_is_enough_while_most_are_out_of_reach()
    {
        var tally = default(WriteTally);
        tally.AddReady(0, isReached: true);
        tally.AddReady(1, isReached: false);
        tally.AddReady(2, isReached: false);
        tally.Send(0);
        tally.Settle(0, Verdict.Applied, isReady: true);

        Assert.True(tally.IsOutvoted(WriteAck.Majority));
        Assert.False(IsSatisfied(tally, primary: 0));
        Assert.True(tally.IsSatisfied(WriteAck.Local, Local, primary: 0, isLate: false));
    }

    [Fact]
    public void A_replica_that_is_lost_has_not_got_the_change_whatever_it_said_before()
    {
        var tally = Sent(ready: 2);
        tally.Settle(0, Verdict.Applied, isReady: true);
        tally.Send(0);
        tally.Lose(0);

        Assert.Equal((0UL, 0b01UL, 0b10UL), (tally.Applied, tally.Missing, tally.Pending));
        Assert.False(tally.IsPending(0));
    }

    [Fact]
    public void What_no_replica_has_is_missed_only_by_those_that_may_have_made_it()
    {
        var tally = default(WriteTally);
        tally.AddReady(0, isReached: true);
        tally.AddReady(1, isReached: false);
        tally.Send(0);
        tally.Lose(0);

        Assert.Equal(0b01UL, tally.TakeMissed());
        tally.Mark(2, applied: true);

        Assert.Equal(0b10UL, tally.TakeMissed());
        Assert.Equal(0UL, tally.TakeMissed());
    }

    [Fact]
    public void A_primary_that_failed_while_it_decided_may_have_made_the_change()
    {
        var tally = default(WriteTally);
        tally.AddReady(0, isReached: true);
        tally.AddReady(1, isReached: true);
        tally.Mark(0, applied: false);

        Assert.Equal(0b01UL, tally.TakeMissed());
    }

    [Fact]
    public void Whoever_refuses_has_not_missed_the_write()
    {
        var tally = Sent(ready: 1);
        tally.Settle(0, Verdict.Refused, isReady: true);

        Assert.Equal((0UL, 0UL, 0UL), (tally.Pending, tally.Applied, tally.TakeMissed()));
    }

    private static bool IsSatisfied(WriteTally tally, int primary) => tally.IsSatisfied(WriteAck.Majority, Local, primary, isLate: false);

    private static WriteTally Sent(int ready)
    {
        var tally = default(WriteTally);
        for (var i = 0; i < ready; i++)
        {
            tally.AddReady(i, isReached: true);
            tally.Send(i);
        }

        return tally;
    }
}
