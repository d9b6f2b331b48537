using CacheOperator.WarmUpBenchmarks.NodeLoss;

namespace CacheOperator.Benchmarks.Tests.WarmUp;

public sealed class LossResultTests
{
    /// <summary>Lost after 0 s, replaced after 2 s, 90 % from 6 s on, but for one lucky second.</summary>
    private static readonly LossResult Result = new(
        LossVariant.WarmUp,
        [
            Sample(-1, hits: 90, ready: true), Sample(0, hits: 90, ready: true),
            Sample(1, hits: 85, ready: false), Sample(2, hits: 0, ready: false), Sample(3, hits: 10, ready: false), Sample(4, hits: 95, ready: true), Sample(5, hits: 50, ready: true),
            Sample(6, hits: 85, ready: true), Sample(7, hits: 85, ready: true), Sample(8, hits: 85, ready: true), Sample(9, hits: 81, ready: true),
        ]);

    [Fact]
    public void What_was_before_the_loss_is_what_the_rest_is_compared_with()
    {
        Assert.Equal(0.9, Result.FormerRate, 9);
        Assert.Equal(9 * 3, Result.BackendReads);
        Assert.Equal(9, Result.Failures);
        Assert.Equal(15 + 100 + 90 + 5 + 50 + 15 + 15 + 15 + 19, Result.NotLocal);
        Assert.Equal(0.84, Result.LastRate, 9);
    }

    [Fact]
    public void One_good_interval_is_no_recovery() => Assert.Equal(6, Result.RecoveredAfter);

    [Fact]
    public void The_replacement_serves_from_when_it_is_ready() => Assert.Equal(4, Result.ReadyAfter);

    [Fact]
    public void What_was_not_seen_is_not_told()
    {
        var early = Result with { Samples = [.. Result.Samples.Take(5)] };
        Assert.Null(early.RecoveredAfter);
        Assert.Null(early.ReadyAfter);
    }

    private static LossSample Sample(double seconds, long hits, bool ready) => new(seconds, Gets: 100, hits, BackendReads: 3, Failures: 1, P99: 1, ready);
}
