using CacheOperator.WarmUpBenchmarks.Clients;

namespace CacheOperator.Benchmarks.Tests.WarmUp;

public sealed class ZipfKeysTests
{
    private readonly ZipfKeys _keys = new(1000);

    [Fact]
    public void Shares_are_those_of_the_law_and_sum_up_to_all()
    {
        var sum = Enumerable.Range(1, 1000).Sum(rank => Math.Pow(rank, -ZipfKeys.DefaultExponent));
        Assert.Equal(1 / sum, _keys.ShareOfHottest(1), 9);
        Assert.Equal((1 + Math.Pow(2, -ZipfKeys.DefaultExponent)) / sum, _keys.ShareOfHottest(2), 9);
        Assert.Equal(0, _keys.ShareOfHottest(0));
        Assert.Equal(1, _keys.ShareOfHottest(1000), 9);
        Assert.Equal(1, Enumerable.Range(0, 1000).Sum(_keys.ShareOf), 9);
    }

    [Fact]
    public void Requests_come_with_these_shares()
    {
        const int requests = 400_000;
        var random = new Random(3);
        var counts = new int[1000];
        for (var i = 0; i < requests; i++) counts[_keys.Next(random)]++;
        // Five standard deviations of a count.
        Assert.All(Enumerable.Range(0, 1000), key => Assert.InRange(
            counts[key], (requests * _keys.ShareOf(key)) - (5 * Math.Sqrt(requests * _keys.ShareOf(key))), (requests * _keys.ShareOf(key)) + (5 * Math.Sqrt(requests * _keys.ShareOf(key)))));
    }

    [Fact]
    public void What_is_popular_has_nothing_to_do_with_the_number()
    {
        var firstHalf = Enumerable.Range(0, 500).Sum(_keys.ShareOf);
        Assert.InRange(firstHalf, 0.2, 0.8);
    }

    [Fact]
    public void The_fifth_of_a_small_cache_cannot_have_nine_tenths_of_the_hits()
    {
        Assert.InRange(new ZipfKeys(200_000).ShareOfHottest(40_000), 0.86, 0.87);
    }
}
