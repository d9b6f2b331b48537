using CacheOperator.Proxy.Replication;
using CacheOperator.Topology;

namespace CacheOperator.Proxy.Tests.Replication;

/// <summary>Replica 0 is the local one, the key's primary is replica 1; there are three.</summary>
public sealed class AckRuleTests
{
    private const ulong Local = 0b001;
    private const ulong Primary = 0b010;

    [Theory]
    [InlineData(0b001UL, 0b110UL, false)] // the primary has not answered
    [InlineData(0b010UL, 0b101UL, false)] // the local one has not
    [InlineData(0b011UL, 0b100UL, true)]
    [InlineData(0b110UL, 0b001UL, false)] // a majority without the local one is not enough while that can answer
    [InlineData(0b110UL, 0b000UL, true)] // the local one is ejected
    [InlineData(0b101UL, 0b000UL, true)] // the primary has failed
    [InlineData(0b001UL, 0b100UL, false)] // one of three is no majority while another can answer
    [InlineData(0b001UL, 0b000UL, true)] // ejected members do not block
    [InlineData(0b000UL, 0b000UL, false)]
    public void A_majority_includes_the_local_replica_and_the_primary(ulong applied, ulong pending, bool expected) =>
        Assert.Equal(expected, AckRule.IsSatisfied(WriteAck.Majority, 3, applied, pending, Local, Primary));

    [Theory]
    [InlineData(0b011UL, 0b100UL, false)]
    [InlineData(0b111UL, 0b000UL, true)]
    [InlineData(0b011UL, 0b000UL, true)]
    [InlineData(0b000UL, 0b000UL, false)]
    public void All_means_every_replica_that_can_answer(ulong applied, ulong pending, bool expected) =>
        Assert.Equal(expected, AckRule.IsSatisfied(WriteAck.All, 3, applied, pending, Local, Primary));

    [Theory]
    [InlineData(0b001UL, 0b110UL, true)]
    [InlineData(0b110UL, 0b001UL, false)]
    [InlineData(0b100UL, 0b010UL, false)] // without a local replica the primary counts
    [InlineData(0b010UL, 0b100UL, true)]
    [InlineData(0b100UL, 0b000UL, true)] // without both, whoever there is
    public void Local_means_the_local_replica_or_the_primary(ulong applied, ulong pending, bool expected) =>
        Assert.Equal(expected, AckRule.IsSatisfied(WriteAck.Local, 3, applied, pending, Local, Primary));

    [Theory]
    [InlineData(1, 0b0UL, false)]
    [InlineData(1, 0b1UL, true)]
    [InlineData(2, 0b01UL, false)]
    [InlineData(2, 0b11UL, true)]
    [InlineData(3, 0b100UL, false)]
    [InlineData(3, 0b110UL, true)]
    [InlineData(4, 0b1100UL, false)]
    [InlineData(4, 0b1110UL, true)]
    public void A_proxy_that_lost_more_than_half_of_the_replicas_acknowledges_nothing(int ready, ulong missing, bool expected)
    {
        Assert.Equal(expected, AckRule.IsOutvoted(WriteAck.Majority, ready, missing));
        Assert.Equal(expected, AckRule.IsOutvoted(WriteAck.All, ready, missing));
        Assert.False(AckRule.IsOutvoted(WriteAck.Local, ready, missing));
    }

    [Theory]
    [InlineData(1, 0b1UL, true)]
    [InlineData(2, 0b10UL, false)]
    [InlineData(3, 0b100UL, false)]
    [InlineData(3, 0b110UL, true)]
    [InlineData(4, 0b1100UL, false)]
    [InlineData(4, 0b1110UL, true)]
    public void What_more_than_half_of_the_replicas_hold_is_current(int ready, ulong holders, bool expected)
    {
        Assert.Equal(expected, AckRule.IsCurrent(WriteAck.Majority, ready, holders));
        Assert.Equal(expected, AckRule.IsCurrent(WriteAck.All, ready, holders));
        Assert.False(AckRule.IsCurrent(WriteAck.Local, ready, holders));
        for (var missing = 0UL; expected && missing < 1UL << ready; missing++)
            Assert.True(AckRule.IsOutvoted(WriteAck.Majority, ready, missing) || (holders & ~missing) != 0, "a write that was acknowledged is on one of them");
    }

    [Fact]
    public void A_single_replica_is_a_majority_of_one() => Assert.True(AckRule.IsSatisfied(WriteAck.Majority, 1, 1, 0, 1, 1));
}
