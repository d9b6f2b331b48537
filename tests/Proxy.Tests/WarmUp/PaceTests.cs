using CacheOperator.Proxy.WarmUp;
using Microsoft.Extensions.Time.Testing;

namespace CacheOperator.Proxy.Tests.WarmUp;

public sealed class PaceTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Bytes_have_to_be_paid_for_before_more_are_spent()
    {
        var pace = new Pace(1000, 0, new Backoff(), _time);
        Assert.Equal(TimeSpan.Zero, pace.Spend(1, 2000));
        _time.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Equal(TimeSpan.FromSeconds(1.5), pace.Spend(1, 500));
        Assert.Equal(TimeSpan.FromSeconds(2), pace.Spend(1, 0));
    }

    [Fact]
    public void The_stricter_bound_counts()
    {
        var pace = new Pace(1000, 10, new Backoff(), _time);
        pace.Spend(20, 500);
        Assert.Equal(TimeSpan.FromSeconds(2), pace.Spend(1, 5000));
        Assert.Equal(TimeSpan.FromSeconds(7), pace.Spend(1, 1));
    }

    [Fact]
    public void Without_a_bound_nothing_waits()
    {
        var pace = new Pace(0, 0, new Backoff(), _time);
        for (var i = 0; i < 10; i++)
            Assert.Equal(TimeSpan.Zero, pace.Spend(long.MaxValue / 2, long.MaxValue / 2));
    }

    [Fact]
    public void A_source_that_answers_late_is_left_alone_for_as_long_as_it_was_kept_busy()
    {
        var backoff = new Backoff();
        var pace = new Pace(0, 0, backoff, _time);
        BackoffTests.Observe(backoff, 1, 10);
        Assert.Equal(TimeSpan.Zero, pace.Spend(1, 1));
        _time.Advance(TimeSpan.FromMilliseconds(20));
        Assert.Equal(TimeSpan.FromMilliseconds(20), pace.Spend(1, 1));
        _time.Advance(TimeSpan.FromMilliseconds(20));
        Assert.Equal(TimeSpan.Zero, pace.Spend(1, 1));
    }

    [Fact]
    public void What_is_too_short_a_rest_is_saved_up()
    {
        var backoff = new Backoff();
        var pace = new Pace(0, 0, backoff, _time);
        BackoffTests.Observe(backoff, 1, 10);
        pace.Spend(1, 1);
        _time.Advance(TimeSpan.FromMilliseconds(0.6));
        Assert.Equal(TimeSpan.Zero, pace.Spend(1, 1));
        _time.Advance(TimeSpan.FromMilliseconds(0.6));
        Assert.Equal(TimeSpan.FromMilliseconds(1.2), pace.Spend(1, 1));
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
