using CacheOperator.Proxy.WarmUp;
using Microsoft.Extensions.Time.Testing;

namespace CacheOperator.Proxy.Tests.WarmUp;

public sealed class PaceTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Bytes_have_to_be_paid_for_before_more_are_spent()
    {
        var pace = new Pace(1000, _time);
        await pace.SpendAsync(2000, TestContext.Current.CancellationToken);
        var second = pace.SpendAsync(500, TestContext.Current.CancellationToken).AsTask();
        _time.Advance(TimeSpan.FromMilliseconds(1900));
        Assert.False(second.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(200));
        await second;
    }

    [Fact]
    public void Without_a_bound_nothing_waits()
    {
        var pace = new Pace(0, _time);
        for (var i = 0; i < 10; i++)
            Assert.True(pace.SpendAsync(long.MaxValue / 2, TestContext.Current.CancellationToken).AsTask().IsCompletedSuccessfully);
    }

    [Fact]
    public void A_rate_is_the_average_of_the_last_seconds()
    {
        var meter = new RateMeter(_time);
        var rate = 0L;
        for (var i = 1; i <= 100; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            rate = meter.Update(i <= 20 ? i * 1000 : 20_000);
        }

        Assert.Equal(0, rate);
    }
}
