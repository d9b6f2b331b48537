using CacheOperator.WarmUpBenchmarks.Heat;

namespace CacheOperator.Benchmarks.Tests.WarmUp;

public sealed class HeatResultTests
{
    private static readonly HeatResult Result = new(HeatUse.All[0], Keys: 200, Items: 100, Reads: 1000, [new(0.1, 0.4, 0.5), new(0.3, 0.8, 0.9), new(0.5, 1, 1)]);

    [Fact]
    public void Between_samples_there_is_a_straight_line()
    {
        Assert.Equal(0.4, Result.CopiedFor(0.9, sample => sample.HitRate), 9);
        Assert.Equal(0.3, Result.CopiedFor(0.9, sample => sample.BestPossible), 9);
        Assert.Equal(0.05, Result.CopiedFor(0.2, sample => sample.HitRate), 9);
    }

    [Fact]
    public void The_nearest_sample_stands_for_a_share() => Assert.Equal(0.3, Result.At(0.21).Copied);
}
