using CacheOperator.Proxy.WarmUp;
using Microsoft.Extensions.Time.Testing;

namespace CacheOperator.Proxy.Tests.WarmUp;

public sealed class PaceTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Bytes_have_to_be_paid_for_before_more_are_spent()
    {
        var pace = new Pace(1000, 0, null, _time);
        Assert.Equal(TimeSpan.Zero, pace.Spend(1, 2000));
        _time.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Equal(TimeSpan.FromSeconds(1.5), pace.Spend(1, 500));
        Assert.Equal(TimeSpan.FromSeconds(2), pace.Spend(1, 0));
    }

    [Fact]
    public void The_stricter_bound_counts()
    {
        var pace = new Pace(1000, 10, null, _time);
        pace.Spend(20, 500);
        Assert.Equal(TimeSpan.FromSeconds(2), pace.Spend(1, 5000));
        Assert.Equal(TimeSpan.FromSeconds(7), pace.Spend(1, 1));
    }

    [Fact]
    public void Without_a_bound_nothing_waits()
    {
        var pace = new Pace(0, 0, null, _time);
        for (var i = 0; i < 10; i++)
            Assert.Equal(TimeSpan.Zero, pace.Spend(long.MaxValue / 2, long.MaxValue / 2));
    }

    [Fact]
    public void Beside_clients_there_is_a_rest_before_each_lot_if_nothing_else_is_waited_for()
    {
        var backoff = BackoffTests.Used(_time);
        var pace = new Pace(1000, 0, () => backoff.Share, _time);
        Assert.Equal(Backoff.FirstShare, pace.Share);
        Assert.Equal(Pace.Rest, pace.Spend(1, 1000));
        Assert.Equal(TimeSpan.FromSeconds(1), pace.Spend(1, 0));
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
