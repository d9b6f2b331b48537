using CacheOperator.Operator.WarmUp;
using CacheOperator.Topology;
using k8s.Models;

namespace CacheOperator.Operator.Tests.WarmUp;

public sealed class WarmGateTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(15);
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(MemberState.Ready, true, GateReasons.Warm)]
    [InlineData(MemberState.Warming, false, GateReasons.Warming)]
    [InlineData(MemberState.Quarantined, false, GateReasons.Quarantined)]
    [InlineData(MemberState.Cold, false, GateReasons.Cold)]
    public void The_gate_follows_the_member(MemberState state, bool open, string reason)
    {
        foreach (var current in new[] { null, Condition("False", GateReasons.Warming, Now), Condition("True", GateReasons.Warm, Now.AddHours(-5)) })
        {
            var gate = WarmGate.Decide(Member(state), current, Deadline, Now)!.Value;
            Assert.Equal((open, reason), (gate.Open, gate.Reason));
        }
    }

    [Fact]
    public void A_pod_that_leaves_or_is_not_yet_a_member_is_left_as_it_is()
    {
        Assert.Null(WarmGate.Decide(null, null, Deadline, Now));
        Assert.Null(WarmGate.Decide(Member(MemberState.Draining), Condition("True", GateReasons.Warm, Now), Deadline, Now));
    }

    [Fact]
    public void After_the_deadline_the_gate_opens_and_says_why()
    {
        var current = Condition("False", GateReasons.Warming, Now);
        Assert.False(WarmGate.Decide(Member(MemberState.Warming), current, Deadline, Now + Deadline - TimeSpan.FromSeconds(1))!.Value.Open);
        var gate = WarmGate.Decide(Member(MemberState.Warming), current, Deadline, Now + Deadline)!.Value;
        Assert.True(gate.Open);
        Assert.Equal(GateReasons.WarmUpTimedOut, gate.Reason);
    }

    [Fact]
    public void A_gate_that_was_opened_by_its_deadline_stays_open_until_the_member_is_warm()
    {
        var current = Condition("True", GateReasons.WarmUpTimedOut, Now);
        Assert.Equal(GateReasons.WarmUpTimedOut, WarmGate.Decide(Member(MemberState.Quarantined), current, Deadline, Now)!.Value.Reason);
        Assert.Equal(GateReasons.Warm, WarmGate.Decide(Member(MemberState.Ready), current, Deadline, Now)!.Value.Reason);
    }

    private static Member Member(MemberState state) => new() { Uid = "u", Name = "p", Zone = "a", Shard = 0, State = state };

    private static V1PodCondition Condition(string status, string reason, DateTimeOffset since) =>
        new() { Type = "cacheoperator.dev/warm", Status = status, Reason = reason, LastTransitionTime = since.UtcDateTime };
}
