using CacheOperator.Consistency.Checking;
using CacheOperator.Consistency.Clients;
using CacheOperator.Consistency.Keys;
using static CacheOperator.Consistency.Tests.Checking.Round;

namespace CacheOperator.Consistency.Tests.Checking;

public sealed class ReadCheckTests
{
    private const int Minute = 60_000;

    [Fact]
    public void What_was_written_last_may_be_read_and_so_may_nothing()
    {
        var findings = new Round().Write(OperationKind.Set, 1, 0, 1, One).Read(1, 5, Two).Read(0, 10, One).Check();
        Assert.Empty(findings.Violations);
        Assert.Equal(1, findings.Checks["hits checked"]);
    }

    [Fact]
    public void A_deleted_value_does_not_come_back()
    {
        var findings = new Round().Write(OperationKind.Set, 1, 0, 1, One).Delete(2, 3, One).Read(1, Minute, Two).Check();
        Assert.Equal(ViolationKind.StaleRead, Assert.Single(findings.Violations).Kind);
    }

    [Fact]
    public void A_proxy_reads_its_own_writes_at_once_even_while_members_are_away()
    {
        var round = new Round().Write(OperationKind.Set, 1, 0, 1, One).Write(OperationKind.Set, 2, 2, 3, One).Read(1, 4, One);
        round.Conditions.Disturbed(shard: 0, 0, Minute);
        Assert.Equal(ViolationKind.StaleRead, Assert.Single(round.Check().Violations).Kind);
    }

    [Theory]
    [InlineData(7_000, true)]
    [InlineData(9_000, false)]
    public void Another_proxy_may_read_what_a_missed_write_replaced_for_as_long_as_is_documented(int moment, bool isAllowed)
    {
        var round = new Round().Write(OperationKind.Set, 1, 0, 1, One).Write(OperationKind.Set, 2, 2, 3, One).Read(1, moment, Two);
        round.Conditions.Disturbed(shard: 0, 0, 100_000);
        var findings = round.Check();
        Assert.Equal(isAllowed ? 0 : 1, findings.Violations.Count);
        Assert.Equal(isAllowed ? 1 : 0, findings.Allowances.GetValueOrDefault(Allowance.StaleWithinBound));
    }

    [Fact]
    public void A_write_without_an_answer_may_be_made_later_but_not_after_it_was_seen_and_overwritten()
    {
        var later = new Round().Write(OperationKind.Set, 1, 0, null, One).Write(OperationKind.Set, 2, 10, 11, One).Read(1, Minute, Two);
        Assert.Empty(later.Check().Violations);
        var seen = new Round().Write(OperationKind.Set, 1, 0, null, One).Read(1, 5, Two).Write(OperationKind.Set, 2, 10_000, 10_001, One).Read(1, Minute, Two);
        Assert.Equal(ViolationKind.StaleRead, Assert.Single(seen.Check().Violations).Kind);
    }

    [Fact]
    public void A_count_without_an_answer_may_be_seen_before_another_one_comes_to_the_same_number()
    {
        Round Count(int? ended) => new Round(KeyFamily.CountDown)
            .Write(OperationKind.Count, 8, 0, 1, One).Write(OperationKind.Count, 7, 5, ended, Two, outcome: ended is null ? Outcome.Unknown : Outcome.Done).Read(6, 10, One).Write(OperationKind.Count, 6, 20, 21, One);
        Assert.Empty(Count(ended: null).Check().Violations);
        Assert.Equal(ViolationKind.UnknownValue, Assert.Single(Count(ended: 6).Check().Violations).Kind);
    }

    [Fact]
    public void Nobody_reads_what_was_refused_or_is_yet_to_be_written()
    {
        var refused = new Round().Write(OperationKind.Add, 1, 0, 10, One, outcome: Outcome.Refused).Read(1, 50, One).Check();
        Assert.Equal(ViolationKind.UnknownValue, Assert.Single(refused.Violations).Kind);
        var future = new Round().Write(OperationKind.Add, 1, 100, 101, One).Read(1, 50, One).Check();
        Assert.Equal(ViolationKind.UnknownValue, Assert.Single(future.Violations).Kind);
    }

    [Fact]
    public void A_write_has_one_version_wherever_it_is_read()
    {
        var findings = new Round().Write(OperationKind.Set, 1, 0, 1, One).Read(1, 5, One, version: 70).Read(1, 9, Two, version: 71).Check();
        Assert.Equal(ViolationKind.ChangedItem, Assert.Single(findings.Violations).Kind);
    }

    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    public void What_was_decided_once_more_as_the_first_to_decide_failed_may_be_read_in_either_version(bool isCount, bool isDisturbed, bool isAllowed)
    {
        var round = new Round().Write(isCount ? OperationKind.Count : OperationKind.Set, 1, 0, 600, One).Read(1, 650, One, version: 71).Read(1, 700, Two, version: 70);
        if (isDisturbed) round.Conditions.Disturbed(shard: 0, 0, 500_000);
        var findings = round.Check();
        Assert.Equal(isAllowed ? 0 : 1, findings.Violations.Count);
        Assert.Equal(isAllowed ? 1 : 0, findings.Allowances.GetValueOrDefault(Allowance.RepeatedDecision));
    }
}
