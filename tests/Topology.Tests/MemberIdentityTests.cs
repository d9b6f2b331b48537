using CacheOperator.Topology;

namespace CacheOperator.TopologyTests;

public sealed class MemberIdentityTests
{
    [Fact]
    public void A_process_keeps_its_incarnation_while_it_runs() =>
        Assert.Equal(Incarnation.Of(pid: 1, time: 1_800_000_000, uptime: 10), Incarnation.Of(pid: 1, time: 1_800_000_050, uptime: 60));

    [Fact]
    public void A_restart_in_the_same_place_is_another_incarnation() =>
        Assert.NotEqual(Incarnation.Of(pid: 1, time: 1_800_000_000, uptime: 10), Incarnation.Of(pid: 1, time: 1_800_000_050, uptime: 2));

    [Theory]
    [InlineData(MemberState.Cold, false, false)]
    [InlineData(MemberState.Warming, false, true)]
    [InlineData(MemberState.Ready, true, true)]
    [InlineData(MemberState.Quarantined, false, true)]
    [InlineData(MemberState.Draining, false, true)]
    public void States_decide_reads_and_writes(MemberState state, bool reads, bool writes)
    {
        Assert.Equal(reads, state.ServesReads());
        Assert.Equal(writes, state.TakesWrites());
    }
}
