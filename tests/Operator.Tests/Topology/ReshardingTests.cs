using CacheOperator.Operator.Topology;
using CacheOperator.Topology;

namespace CacheOperator.Operator.Tests.Topology;

/// <summary>The number of shards changes, phase by phase.</summary>
public sealed class ReshardingTests
{
    [Fact]
    public void Growing_fills_new_members_then_reads_them_then_purges_the_old_ones()
    {
        var fleet = Resharding(1, 3);
        Expect(fleet, shards: 1, ReshardingPhase.Filling);
        Assert.Equal(2, fleet.Document!.Schema);
        Assert.Equal(3, fleet.Document.MemberShards());
        Assert.Empty(fleet.Document.Copies);

        fleet.StepUntil(d => d.Copies.Count > 0);
        Assert.All(fleet.Document.Members.Where(m => m.Shard > 0), m => Assert.Equal(MemberState.Warming, m.State));
        Assert.All(fleet.Document.Copies, c => Assert.Equal((fleet.Zone(c.Target), 0), (fleet.Zone(c.Source), fleet.Shard(c.Source))));

        fleet.StepUntil(d => d.Resharding!.Phase == ReshardingPhase.Switched);
        Expect(fleet, shards: 3, ReshardingPhase.Switched);
        Assert.Equal(9, fleet.Document.Members.Count(m => m.State == MemberState.Ready));
        Assert.Empty(fleet.Document.Copies);

        fleet.StepUntil(d => d.Purges.Count > 0);
        Expect(fleet, shards: 3, ReshardingPhase.Purging);
        Assert.Equal([0, 0, 0], fleet.Document.Purges.Select(p => fleet.Shard(p.Member)));

        fleet.Settle();
        ExpectDone(fleet, 3);
        Assert.Contains(DecisionKind.ReshardingStarted, fleet.Told);
        Assert.Contains(DecisionKind.ReshardingSwitched, fleet.Told);
        Assert.Contains(DecisionKind.ReshardingFinished, fleet.Told);
    }

    [Fact]
    public void Shrinking_fills_members_that_serve_then_drains_the_others()
    {
        var fleet = Resharding(3, 1);
        Expect(fleet, shards: 3, ReshardingPhase.Filling);
        fleet.StepUntil(d => d.Copies.Count > 0);
        Assert.All(fleet.Document!.Members, m => Assert.Equal(MemberState.Ready, m.State));
        Assert.All(fleet.Document.Copies, c => Assert.True(fleet.Shard(c.Target) == 0 && fleet.Shard(c.Source) > 0));

        fleet.StepUntil(d => d.Resharding!.Phase == ReshardingPhase.Switched);
        Expect(fleet, shards: 1, ReshardingPhase.Switched);
        Assert.All(fleet.Document.Members, m => Assert.Equal(m.Shard == 0 ? MemberState.Ready : MemberState.Draining, m.State));
        Assert.Equal(9, fleet.Pods.Count);

        fleet.Settle();
        ExpectDone(fleet, 1);
        Assert.Equal(3, fleet.Pods.Count);
    }

    [Theory]
    [InlineData(2, 5)]
    [InlineData(5, 2)]
    [InlineData(3, 4)]
    [InlineData(4, 3)]
    public void Every_new_place_is_given_keys_by_every_old_one(int from, int to)
    {
        var fleet = Resharding(from, to);
        var moves = new HashSet<(string Zone, int From, int To)>();
        for (var step = 0; step < 200 && fleet.Document!.Resharding is { Phase: ReshardingPhase.Filling }; step++)
        {
            fleet.Step();
            foreach (var copy in fleet.Document.Copies) moves.Add((fleet.Zone(copy.Target), fleet.Shard(copy.Source), fleet.Shard(copy.Target)));
            Assert.All(fleet.Document.Copies.SelectMany(c => new[] { c.Source, c.Target }).GroupBy(uid => uid), g => Assert.Single(g));
            fleet.FinishAll();
        }

        Assert.Equal(3 * Math.Min(from, to) * Math.Abs(to - from), moves.Count);
        fleet.Settle();
        ExpectDone(fleet, to);
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(3, 1)]
    public void Nothing_is_done_before_every_proxy_has_applied_what_it_needs(int from, int to)
    {
        var fleet = FakeFleet.Running(from, "a", "b", "c");
        fleet.Scales = true;
        fleet.Intent = fleet.Intent with { Shards = to };
        var slow = fleet.ProxyOf("c");
        for (var step = 0; step < 200 && (step == 0 || fleet.Document!.Resharding is not null); step++)
        {
            var before = fleet.Document!;
            slow.Answers = step % 5 == 4;
            slow.Apply(before);
            fleet.Step();
            fleet.FinishAll();
            var (was, now) = (before.Resharding, fleet.Document!.Resharding);
            if (was is not null && was.Phase != now?.Phase) Assert.True(slow.Generation >= was.Since, $"{was.Phase} ended too early");
            if (now is not null && fleet.Document.Copies.Count + fleet.Document.Purges.Count > 0) Assert.True(slow.Generation >= now.Since, $"{now.Phase} was not known to all");
            foreach (var copy in fleet.Document.Copies) Assert.True(slow.Generation >= fleet.Document.Members.Single(m => m.Uid == copy.Target).Since);
        }

        slow.Answers = true;
        fleet.Settle();
        ExpectDone(fleet, to);
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(3, 1)]
    public void A_new_leader_goes_on_in_every_phase(int from, int to)
    {
        var fleet = Resharding(from, to);
        for (var step = 0; step < 100 && fleet.Document!.Resharding is not null; step++)
        {
            fleet.Document = TopologyJson.ReadTopology(TopologyJson.Write(fleet.Document));
            fleet.Step();
            fleet.FinishAll();
        }

        fleet.Settle();
        ExpectDone(fleet, to);
    }

    [Fact]
    public void Growing_that_is_called_off_drops_the_new_members()
    {
        var fleet = Resharding(1, 3);
        fleet.StepUntil(d => d.Resharding!.Done.Count > 0);
        fleet.Intent = fleet.Intent with { Shards = 1 };
        fleet.Step();
        Assert.Contains(DecisionKind.ReshardingReversed, fleet.Decisions);
        Assert.Null(fleet.Document!.Resharding);
        Assert.Equal(3, fleet.Document.Members.Count);
        fleet.Settle();
        ExpectDone(fleet, 1);
    }

    [Fact]
    public void Shrinking_that_is_called_off_purges_what_was_given_to_those_that_stay()
    {
        var fleet = Resharding(3, 1);
        fleet.StepUntil(d => d.Resharding!.Done.Count > 0);
        fleet.Intent = fleet.Intent with { Shards = 3 };
        fleet.Step();
        Expect(fleet, shards: 3, ReshardingPhase.Purging);
        Assert.Empty(fleet.Document!.Copies);
        Assert.Empty(fleet.Document.Purges);
        fleet.StepUntil(d => d.Purges.Count > 0);
        Assert.All(fleet.Document.Purges, p => Assert.Equal(0, fleet.Shard(p.Member)));
        fleet.Settle();
        ExpectDone(fleet, 3);
        Assert.All(fleet.Told, kind => Assert.NotEqual(DecisionKind.MemberDraining, kind));
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(3, 1)]
    public void After_the_switch_it_is_finished_first_and_then_goes_back(int from, int to)
    {
        var fleet = Resharding(from, to);
        fleet.StepUntil(d => d.Resharding!.Phase == ReshardingPhase.Switched);
        fleet.Intent = fleet.Intent with { Shards = from };
        fleet.StepUntil(d => d.Resharding is null);
        Assert.Equal(to, fleet.Document!.Shards);
        fleet.StepUntil(d => d.Resharding is { Phase: ReshardingPhase.Filling });
        fleet.Settle();
        ExpectDone(fleet, from);
    }

    [Theory]
    [InlineData(2, 4, 3)]
    [InlineData(4, 2, 3)]
    [InlineData(2, 4, 1)]
    public void A_third_number_is_reached_by_way_of_the_first(int from, int to, int third)
    {
        var fleet = Resharding(from, to);
        fleet.StepUntil(d => d.Resharding!.Done.Count > 0);
        fleet.Intent = fleet.Intent with { Shards = third };
        fleet.StepUntil(d => d.Resharding is null);
        Assert.Equal(from, fleet.Document!.Shards);
        fleet.Settle();
        ExpectDone(fleet, third);
    }

    [Fact]
    public void It_waits_for_a_rollout_and_is_not_called_off_by_one()
    {
        var fleet = Resharding(1, 2, holds: true);
        for (var i = 0; i < 3; i++) fleet.Step();
        Assert.Null(fleet.Document!.Resharding);
        fleet.Intent = fleet.Intent with { HoldsResharding = false };
        fleet.Step();
        fleet.Intent = fleet.Intent with { HoldsResharding = true };
        fleet.Settle();
        ExpectDone(fleet, 2);
    }

    private static FakeFleet Resharding(int from, int to, bool holds = false)
    {
        var fleet = FakeFleet.Running(from, "a", "b", "c");
        fleet.Scales = true;
        fleet.Intent = fleet.Intent with { Shards = to, HoldsResharding = holds };
        fleet.Step();
        return fleet;
    }

    private static void Expect(FakeFleet fleet, int shards, ReshardingPhase phase) =>
        Assert.Equal((shards, phase), (fleet.Document!.Shards, fleet.Document.Resharding!.Phase));

    private static void ExpectDone(FakeFleet fleet, int shards)
    {
        var document = fleet.Document!;
        Assert.Equal((shards, null, 1), (document.Shards, document.Resharding, document.Schema));
        Assert.Equal(3 * shards, document.Members.Count);
        Assert.All(document.Members, m => Assert.Equal(MemberState.Ready, m.State));
        Assert.Empty(document.Purges);
    }
}
