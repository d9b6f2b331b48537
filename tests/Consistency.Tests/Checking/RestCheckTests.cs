using CacheOperator.Consistency.Checking;
using CacheOperator.Consistency.Clients;
using static CacheOperator.Consistency.Tests.Checking.Round;

namespace CacheOperator.Consistency.Tests.Checking;

public sealed class RestCheckTests
{
    [Fact]
    public void Members_agree_on_the_latest_write() =>
        Assert.Empty(new Round().Write(OperationKind.Set, 1, 0, 1, One).Write(OperationKind.Set, 2, 10, 11, Two).Check(2, 2, 2).Violations);

    [Fact]
    public void One_that_still_holds_what_was_overwritten_is_found()
    {
        var findings = new Round().Before(1, 1, 1).Write(OperationKind.Set, 2, 0, 1, One).Check(2, 1, 2);
        Assert.Equal(ViolationKind.StaleAtRest, Assert.Single(findings.Violations).Kind);
    }

    [Fact]
    public void One_that_lacks_what_the_others_hold_is_found()
    {
        var findings = new Round().Write(OperationKind.Set, 1, 0, 1, One).Check(1, null, 1);
        Assert.Equal(ViolationKind.Disagreement, Assert.Single(findings.Violations).Kind);
    }

    [Theory]
    [InlineData(2, false, true)]
    [InlineData(3, false, false)]
    [InlineData(3, true, true)]
    [InlineData(5, true, true)]
    [InlineData(6, true, false)]
    public void Items_expire_together_but_where_a_replica_in_trouble_got_them_late(int seconds, bool disturbed, bool allowed)
    {
        var round = new Round { Expiries = [1000, 1000 + seconds, 1000] };
        if (disturbed) round.Conditions.Disturbed(0, 0, 2_000_000);
        var findings = round.Write(OperationKind.Set, 1, 0, 1, One).Check(1, 1, 1);
        Assert.Equal(allowed, findings.Violations.Count == 0);
        Assert.Equal(disturbed && allowed, findings.Allowances.ContainsKey(Allowance.LateExpiry));
    }

    [Theory]
    [InlineData(1003, 1003, true)]
    [InlineData(1900, 1900, true)]
    [InlineData(1000, 1003, false)]
    [InlineData(1003, 1010, false)]
    public void What_was_apart_in_an_earlier_round_stays_so(long before, long atRest, bool allowed)
    {
        var findings = new Round { Expiries = [1000, atRest, 1000] }.Before([1000, before, 1000], 1, 1, 1).Check(1, 1, 1);
        Assert.Equal(allowed, findings.Violations.Count == 0);
        Assert.Equal(allowed, findings.Allowances.ContainsKey(Allowance.LateExpiry));
    }

    [Theory]
    [InlineData(5000, true, false, null)]
    [InlineData(500, true, false, nameof(Allowance.ConcurrentWrites))]
    [InlineData(5000, false, false, nameof(Allowance.UnfinishedWrite))]
    [InlineData(5000, true, true, nameof(Allowance.LostHint))]
    public void A_touch_reaches_all_members(int touched, bool isAnswered, bool isKilled, string? allowed)
    {
        var round = new Round { Expiries = [1000, 2000, 2000] };
        if (isKilled) round.Conditions.Killed(Two, moment: 5_500_000);
        var findings = round.Write(OperationKind.Set, 1, 0, 1, One).Touch(touched, Two, 1000, isAnswered ? Outcome.Done : Outcome.Unknown).Check(1, 1, 1);
        Assert.Equal(allowed is null, findings.Violations.Count == 1);
        Assert.Equal(allowed, findings.Allowances.Keys.Select(why => why.ToString()).SingleOrDefault());
    }

    [Fact]
    public void What_was_acknowledged_does_not_vanish_everywhere()
    {
        var findings = new Round().Write(OperationKind.Set, 1, 0, 1, One).Check(null, null, null);
        Assert.Equal(ViolationKind.LostWrite, Assert.Single(findings.Violations).Kind);
        Assert.Empty(new Round().Write(OperationKind.Set, 1, 0, 1, One).Delete(2, 3, One).Check(null, null, null).Violations);
    }

    [Theory]
    [InlineData(1000, false, true)]
    [InlineData(5000, false, false)]
    [InlineData(5000, true, true)]
    [InlineData(20_000, true, false)]
    public void A_touch_may_find_nothing_and_end_the_item_for_as_long_as_reads_may_miss_the_write(int touched, bool disturbed, bool allowed)
    {
        var round = new Round();
        if (disturbed) round.Conditions.Disturbed(0, 0, 2_000_000);
        var findings = round.Write(OperationKind.Set, 1, 0, 1, One).TouchNothing(touched, Two).Check(null, null, null);
        Assert.Equal(allowed, findings.Violations.Count == 0);
        Assert.Equal(allowed, findings.Allowances.ContainsKey(Allowance.StaleWithinBound));
        Assert.Single(new Round().Write(OperationKind.Set, 1, 0, 1, One).TouchNothing(1000, One).Check(null, null, null).Violations);
    }

    [Fact]
    public void What_one_member_alone_held_may_vanish_with_it()
    {
        Assert.Empty(new Round().Before(1, null, null).Check(null, null, null).Violations);
        Assert.Equal(ViolationKind.LostWrite, Assert.Single(new Round().Before(1, 1, 1).Check(null, null, null).Violations).Kind);
    }

    [Fact]
    public void Writes_at_the_same_moment_through_two_proxies_may_leave_both()
    {
        var findings = new Round().Write(OperationKind.Set, 1, 0, 10, One).Write(OperationKind.Set, 2, 5, 15, Two).Check(1, 2, 2);
        Assert.Empty(findings.Violations);
        Assert.Equal(1, findings.Allowances[Allowance.ConcurrentWrites]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_delete_may_come_before_an_add_here_and_after_it_there(bool found)
    {
        var findings = new Round().Write(OperationKind.Add, 1, 0, 10, One).Delete(5, 15, Two, found ? Outcome.Done : Outcome.Refused).Check(1, null, 1);
        Assert.Empty(findings.Violations);
        Assert.Equal(1, findings.Allowances[Allowance.ConcurrentWrites]);
        var later = new Round().Write(OperationKind.Add, 1, 0, 10, One).Delete(5_000, 5_001, Two, Outcome.Refused).Check(1, null, 1);
        Assert.Equal(ViolationKind.Disagreement, Assert.Single(later.Violations).Kind);
    }

    [Fact]
    public void Once_members_have_been_compared_they_do_not_hold_both_any_more()
    {
        var both = new Round { IsCompared = true }.Write(OperationKind.Set, 1, 0, 10, One).Write(OperationKind.Set, 2, 5, 15, Two).Check(1, 2, 2);
        Assert.Equal(ViolationKind.Disagreement, Assert.Single(both.Violations).Kind);

        var deleted = new Round { IsCompared = true }.Write(OperationKind.Set, 1, 0, 10, One).Delete(5, 15, Two).Check(1, null, 1);
        Assert.Empty(deleted.Violations);
    }

    [Fact]
    public void What_a_killed_proxy_may_have_owed_is_not_held_against_the_others()
    {
        var round = new Round().Before(1, 1, 1).Write(OperationKind.Set, 2, 0, 1, One);
        round.Conditions.Killed(One, moment: 500_000);
        var findings = round.Check(2, 1, 2);
        Assert.Empty(findings.Violations);
        Assert.Contains(Allowance.LostHint, findings.Allowances);
    }

    [Fact]
    public void A_flush_may_spare_what_was_just_used_and_on_one_member_only()
    {
        var findings = new Round().Before(1, 1, 1).Read(1, 9_000, One).Flush(10_000, Two).Check(1, null, null);
        Assert.Empty(findings.Violations);
        Assert.Contains(Allowance.SparedByFlush, findings.Allowances);
    }

    [Fact]
    public void A_flush_may_spare_what_a_copy_has_just_used()
    {
        var round = new Round().Before(1, 1, 1).Flush(10_000, Two);
        round.Conditions.Disturbed(0, from: 6_000_000, to: 7_000_000);
        Assert.Empty(round.Check(1, null, null).Violations);
    }

    [Fact]
    public void A_flush_spares_nothing_else()
    {
        var findings = new Round().Before(1, 1, 1).Flush(10_000, Two).Check(1, null, null);
        Assert.Equal(ViolationKind.StaleAtRest, Assert.Single(findings.Violations).Kind);
    }
}
