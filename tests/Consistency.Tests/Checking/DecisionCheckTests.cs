using CacheOperator.Consistency.Checking;
using CacheOperator.Consistency.Clients;
using CacheOperator.Consistency.Keys;
using static CacheOperator.Consistency.Tests.Checking.Round;

namespace CacheOperator.Consistency.Tests.Checking;

public sealed class DecisionCheckTests
{
    [Fact]
    public void A_token_wins_once()
    {
        var findings = new Round().Write(OperationKind.Cas, 2, 10, 12, One, token: 7).Write(OperationKind.Cas, 3, 11, 13, Two, token: 7).Check();
        Assert.Equal(ViolationKind.DoubleCas, Assert.Single(findings.Violations).Kind);
    }

    [Fact]
    public void A_token_may_win_twice_while_proxies_see_different_members()
    {
        var round = new Round().Write(OperationKind.Cas, 2, 10, 12, One, token: 7).Write(OperationKind.Cas, 3, 11, 13, Two, token: 7);
        round.Conditions.Divided(shard: 0, 0, 100_000);
        var findings = round.Check();
        Assert.Empty(findings.Violations);
        Assert.Equal(1, findings.Allowances[Allowance.DividedDecision]);
    }

    [Fact]
    public void A_lock_is_taken_twice_only_when_it_was_given_back_between()
    {
        var held = new Round(KeyFamily.Lock).Write(OperationKind.Add, 1, 0, 1, One).Write(OperationKind.Add, 2, 5, 6, Two).Check();
        Assert.Equal(ViolationKind.DoubleAdd, Assert.Single(held.Violations).Kind);
        var given = new Round(KeyFamily.Lock).Write(OperationKind.Add, 1, 0, 1, One).Delete(2, 3, One).Write(OperationKind.Add, 2, 5, 6, Two).Check();
        Assert.Empty(given.Violations);
    }

    [Fact]
    public void An_add_that_is_answered_late_may_have_been_made_early() =>
        Assert.Empty(new Round(KeyFamily.Lock).Write(OperationKind.Add, 1, 0, 40, One).Delete(2, 3, Two).Write(OperationKind.Add, 2, 5, 6, Two).Check().Violations);

    [Fact]
    public void No_two_counts_give_the_same_number()
    {
        var findings = new Round(KeyFamily.CountUp).Write(OperationKind.Count, 500_001, 0, 1, One).Write(OperationKind.Count, 500_001, 2, 3, Two).Check();
        Assert.Equal(ViolationKind.LostCount, Assert.Single(findings.Violations).Kind);
    }
}
