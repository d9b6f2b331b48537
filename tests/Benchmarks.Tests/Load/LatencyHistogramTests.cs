using CacheOperator.Benchmarks.Load;

namespace CacheOperator.Benchmarks.Tests.Load;

public sealed class LatencyHistogramTests
{
    private readonly LatencyHistogram _histogram = new();

    [Fact]
    public void Percentiles_of_nothing_are_zero() => Assert.Equal(0, _histogram.Percentile(0.99));

    [Fact]
    public void Small_numbers_are_exact()
    {
        for (var i = 1; i <= 50; i++) _histogram.Record(i);
        Assert.Equal(25, _histogram.Percentile(0.5));
        Assert.Equal(50, _histogram.Percentile(1));
        Assert.Equal(1, _histogram.Percentile(0));
    }

    [Theory]
    [InlineData(64)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(1_000_000)]
    [InlineData(123_456_789_012)]
    [InlineData(long.MaxValue)]
    public void A_large_number_is_given_as_at_most_two_percent_more(long nanoseconds)
    {
        _histogram.Record(nanoseconds);
        Assert.InRange(_histogram.Percentile(0.5), nanoseconds, nanoseconds * 1.02);
    }

    [Fact]
    public void A_rare_outlier_shows_only_where_it_belongs()
    {
        for (var i = 0; i < 999; i++) _histogram.Record(1_000);
        _histogram.Record(50_000_000);
        Assert.InRange(_histogram.Percentile(0.99), 1_000, 1_020);
        Assert.InRange(_histogram.Percentile(0.999), 1_000, 1_020);
        Assert.InRange(_histogram.Percentile(0.9999), 50_000_000, 51_000_000);
    }

    [Fact]
    public void Percentiles_agree_with_the_sorted_numbers()
    {
        var random = new Random(7);
        var numbers = Enumerable.Range(0, 100_000).Select(_ => (long)Math.Exp(random.NextDouble() * 20)).ToArray();
        foreach (var number in numbers) _histogram.Record(number);
        Array.Sort(numbers);
        foreach (var fraction in (double[])[0.01, 0.5, 0.9, 0.99, 0.999])
        {
            var exact = numbers[(int)Math.Ceiling(numbers.Length * fraction) - 1];
            Assert.InRange(_histogram.Percentile(fraction), exact, exact * 1.02);
        }
    }
}
