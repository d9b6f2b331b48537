using CacheOperator.Operator.Topology;
using CacheOperator.Topology;

namespace CacheOperator.Operator.Tests.Topology;

/// <summary>What goes wrong while the number of shards changes.</summary>
public sealed class ReshardingMishapTests
{
    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    public void A_member_that_restarts_is_given_its_keys_again(int from, int to)
    {
        var fleet = Moving(from, to);
        var target = TargetOf(fleet, "b");
        Give(fleet, target);
        fleet.RestartProcess(fleet.Pods.Single(p => p.Uid == target.Uid));
        fleet.Step();
        Assert.Equal(MemberState.Warming, fleet.Member("b", target.Shard).State);
        AssertFilledBeforeTheSwitch(fleet, to);
        var done = fleet.Copies.Where(c => c.Target == target.Uid && fleet.ShardAt(c.Source) != target.Shard).ToList();
        Assert.Equal(2, done.Count);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    public void A_member_that_missed_writes_is_given_its_keys_again(int from, int to)
    {
        var fleet = Moving(from, to);
        var target = TargetOf(fleet, "b");
        Give(fleet, target);
        fleet.ProxyOf("a").Miss(fleet.Member("b", target.Shard));
        fleet.Step();
        Assert.Equal(target.Epoch + 1, fleet.Member("b", target.Shard).Epoch);
        AssertFilledBeforeTheSwitch(fleet, to);
        Assert.Equal(2, fleet.Copies.Count(c => c.Target == target.Uid && fleet.ShardAt(c.Source) != target.Shard));
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    public void Writes_that_are_going_to_be_made_up_for_are_waited_for(int from, int to)
    {
        var fleet = Moving(from, to);
        var target = TargetOf(fleet, "b");
        fleet.ProxyOf("a").Hint(target);
        for (var i = 0; i < 10; i++)
        {
            fleet.Step();
            fleet.FinishAll();
        }

        Assert.Equal(ReshardingPhase.Filling, fleet.Document!.Resharding!.Phase);
        fleet.ProxyOf("a").Hint(target, 0);
        AssertFilledBeforeTheSwitch(fleet, to);
    }

    [Fact]
    public void What_a_source_gave_that_missed_writes_is_given_once_more()
    {
        var fleet = Moving(1, 2);
        var copy = fleet.Document!.Copies[0];
        fleet.ProxyOf("c").Miss(fleet.Document.Members.Single(m => m.Uid == copy.Source));
        fleet.Finish(copy, CopyPhase.Succeeded);
        fleet.Step();
        Assert.DoesNotContain(fleet.Document.Resharding!.Done, d => d.Uid == copy.Target);
        AssertFilledBeforeTheSwitch(fleet, 2);
        Assert.Equal(2, fleet.Copies.Count(c => c.Target == copy.Target));
    }

    [Fact]
    public void A_copy_that_failed_is_tried_again_with_another_source_and_proxy()
    {
        var fleet = Moving(1, 2);
        var copy = fleet.Document!.Copies[0];
        fleet.Finish(copy, CopyPhase.Failed, "connection reset");
        foreach (var other in fleet.Document.Copies.Skip(1)) fleet.Finish(other, CopyPhase.Succeeded);
        fleet.Step();
        Assert.Equal([copy], fleet.Document!.Copies);
        fleet.Now += CopyOutcome.RetryDelay;
        fleet.Step();
        Assert.Contains(fleet.Last!.Decisions, d => d.Kind == DecisionKind.CopyRestarted && d.Message.Contains("connection reset", StringComparison.Ordinal));
        var again = fleet.Document.Copies.Single(c => c.Target == copy.Target);
        Assert.NotEqual(copy.Source, again.Source);
        Assert.NotEqual(copy.Proxy, again.Proxy);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    public void A_proxy_that_dies_takes_only_its_copy_with_it(int from, int to)
    {
        var fleet = Moving(from, to);
        var copy = fleet.Document!.Copies[0];
        fleet.RemoveProxy(fleet.Proxies.Single(p => p.Name == copy.Proxy));
        fleet.Step();
        fleet.Step();
        Assert.Contains(fleet.Document!.Copies, c => c.Target == copy.Target && c.Proxy != copy.Proxy);
        AssertFilledBeforeTheSwitch(fleet, to);
    }

    [Fact]
    public void A_proxy_that_comes_up_with_an_old_document_makes_everything_be_looked_at_again()
    {
        var fleet = FakeFleet.Running(1, "a", "b", "c");
        var old = fleet.Document;
        fleet.Scales = true;
        fleet.Intent = fleet.Intent with { Shards = 2 };
        fleet.StepUntil(d => d.Copies.Count > 0);
        Give(fleet, TargetOf(fleet, "b"));
        var since = fleet.Document!.Resharding!.Since;
        fleet.ProxyOf("a").RestartWith(old);
        fleet.Plan();
        Assert.Contains(DecisionKind.ReshardingRestarted, fleet.Decisions);
        Assert.True(fleet.Document.Resharding!.Since > since);
        Assert.Empty(fleet.Document.Resharding.Done);
        Assert.Empty(fleet.Document.Copies);
        AssertFilledBeforeTheSwitch(fleet, 2);
    }

    [Fact]
    public void A_zone_that_is_lost_altogether_is_not_waited_for_and_comes_back_later()
    {
        var fleet = FakeFleet.Running(1, "a", "b", "c");
        fleet.Pods.RemoveAll(p => p.Zone == "c");
        fleet.RemoveProxy(fleet.ProxyOf("c"));
        fleet.Step();
        fleet.Intent = fleet.Intent with { Shards = 2 };
        fleet.Step();
        foreach (var zone in new[] { "a", "b" }) fleet.AddPod(zone, 1);
        fleet.StepUntil(d => d.Resharding is { Phase: ReshardingPhase.Switched });
        fleet.Scales = true;
        fleet.AddProxy("c");
        fleet.Settle();
        Assert.Equal((2, null), (fleet.Document!.Shards, fleet.Document.Resharding));
        Assert.Equal(6, fleet.Document.Members.Count(m => m.State == MemberState.Ready));
    }

    [Fact]
    public void A_zone_that_lacks_a_member_is_waited_for()
    {
        var fleet = FakeFleet.Running(1, "a", "b", "c");
        fleet.Intent = fleet.Intent with { Shards = 2 };
        fleet.Step();
        foreach (var zone in new[] { "a", "b" }) fleet.AddPod(zone, 1);
        for (var i = 0; i < 20; i++)
        {
            fleet.Step();
            fleet.FinishAll();
        }

        Assert.Equal(ReshardingPhase.Filling, fleet.Document!.Resharding!.Phase);
        Assert.Equal(2, fleet.Document.Resharding.Done.Count);
        fleet.AddPod("c", 1);
        AssertFilledBeforeTheSwitch(fleet, 2);
    }

    [Fact]
    public void A_member_that_is_purged_is_purged_again_when_it_is_another_or_the_purge_is_lost()
    {
        var fleet = Moving(1, 2);
        fleet.StepUntil(d => d.Purges.Count > 0);
        var purge = fleet.Document!.Purges[0];
        fleet.RemoveProxy(fleet.Proxies.Single(p => p.Name == purge.Proxy));
        fleet.Step();
        var again = fleet.Document.Purges.Single(p => p.Member == purge.Member);
        Assert.NotEqual(purge.Proxy, again.Proxy);

        var replaced = fleet.Pods.Single(p => p.Uid == purge.Member);
        fleet.Remove(replaced);
        fleet.AddPod(replaced.Zone);
        fleet.Settle();
        Assert.Null(fleet.Document.Resharding);
        Assert.All(fleet.Document.Members, m => Assert.Equal(MemberState.Ready, m.State));
    }

    [Fact]
    public void Nothing_is_purged_where_a_write_is_going_to_be_made_up_for()
    {
        var fleet = Moving(1, 2);
        fleet.StepUntil(d => d.Resharding!.Phase == ReshardingPhase.Switched);
        var member = fleet.Member("a");
        fleet.ProxyOf("b").Hint(member);
        for (var i = 0; i < 10; i++)
        {
            fleet.Step();
            Assert.DoesNotContain(fleet.Document!.Purges, p => p.Member == member.Uid);
            fleet.FinishAll();
        }

        fleet.ProxyOf("b").Hint(member, 0);
        fleet.Settle();
        Assert.Null(fleet.Document!.Resharding);
    }

    [Fact]
    public void A_member_that_is_filled_within_its_shard_is_filled_anew_by_the_new_number()
    {
        // Zone c serves nothing while the others are done, and its copy goes by the old number of shards.
        var fleet = Moving(2, 1);
        foreach (var pod in fleet.Pods.Where(p => p.Zone == "c").ToList()) fleet.RestartProcess(pod);
        fleet.StepUntil(d => d.Resharding!.Phase == ReshardingPhase.Switched || d.Copies.Any(c => fleet.Zone(c.Target) == "c"));
        for (var i = 0; i < 20 && fleet.Document!.Resharding!.Phase == ReshardingPhase.Filling; i++)
        {
            foreach (var copy in fleet.Document.Copies.Where(c => fleet.Zone(c.Target) != "c")) fleet.Finish(copy, CopyPhase.Succeeded);
            fleet.Step();
        }

        Assert.Equal(ReshardingPhase.Switched, fleet.Document!.Resharding!.Phase);
        var late = fleet.Member("c");
        Assert.Equal((MemberState.Warming, fleet.Document.Generation), (late.State, late.Since));
        fleet.Settle();
        Assert.Equal(MemberState.Ready, fleet.Member("c").State);
    }

    private static FakeFleet Moving(int from, int to)
    {
        var fleet = FakeFleet.Running(from, "a", "b", "c");
        fleet.Scales = true;
        fleet.Intent = fleet.Intent with { Shards = to };
        fleet.StepUntil(d => d.Copies.Count > 0);
        return fleet;
    }

    private static Member TargetOf(FakeFleet fleet, string zone)
    {
        var resharding = fleet.Document!.Resharding!;
        return fleet.Member(zone, resharding.To > resharding.From ? resharding.From : 0);
    }

    // Its copy ends while the others go on.
    private static void Give(FakeFleet fleet, Member target)
    {
        fleet.Finish(fleet.Document!.Copies.Single(c => c.Target == target.Uid), CopyPhase.Succeeded);
        fleet.Step();
        Assert.Equal(target.Uid, Assert.Single(fleet.Document.Resharding!.Done).Uid);
    }

    private static void AssertFilledBeforeTheSwitch(FakeFleet fleet, int to)
    {
        fleet.StepUntil(d => d.Resharding!.Phase == ReshardingPhase.Switched);
        Assert.Equal(3 * to, fleet.Document!.Members.Count(m => m.Shard < to && m.State == MemberState.Ready));
        fleet.Settle();
        Assert.Equal((to, null), (fleet.Document!.Shards, fleet.Document.Resharding));
    }
}
