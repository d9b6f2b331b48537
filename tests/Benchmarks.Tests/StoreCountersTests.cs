using CacheOperator.Benchmarks.Targets;

namespace CacheOperator.Benchmarks.Tests;

public sealed class StoreCountersTests
{
    private static readonly StoreCounters Expected = new(Gets: 10_000, Sets: 3_000);

    [Theory]
    [InlineData(10_000, 3_000, true)]
    [InlineData(9_999, 3_000, true)]
    [InlineData(9_000, 3_000, false)]
    [InlineData(12_000, 3_000, true)]
    [InlineData(10_000, 1_000, false)]
    [InlineData(10_000, 3_009, true)]
    [InlineData(10_000, 4_000, false)]
    public void Reads_may_be_more_and_nothing_may_be_less(long gets, long sets, bool covered) =>
        Assert.Equal(covered, new StoreCounters(gets, sets).Cover(Expected, tolerance: 0.001));
}
