using CacheOperator.Proxy.Topology;
using Microsoft.Extensions.Time.Testing;

namespace CacheOperator.Proxy.Tests.Topology;

public sealed class NewerGenerationsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private readonly FakeTimeProvider _time = new();
    private readonly NewerGenerations _newer;

    public NewerGenerationsTests()
    {
        _newer = new NewerGenerations(Patience, _time);
        _newer.Applied(5);
    }

    [Fact]
    public void Whoever_lacks_a_generation_for_too_long_is_outdated_until_it_has_it()
    {
        Look(7, 9.9);
        Assert.False(_newer.IsOutdated);
        Assert.Equal(7, _newer.Newest);
        Look(7, 0.1);
        Assert.True(_newer.IsOutdated);

        _newer.Applied(6);
        Assert.True(_newer.IsOutdated);
        _newer.Applied(7);
        Assert.Equal((false, 0), (_newer.IsOutdated, _newer.Newest));
    }

    [Fact]
    public void Whoever_keeps_up_is_never_outdated_however_fast_generations_follow_each_other()
    {
        for (var generation = 6; generation < 500; generation++)
        {
            Look(generation, 1);
            if (generation > 10) _newer.Applied(generation - 4);
            Assert.False(_newer.IsOutdated);
        }

        for (var second = 0; second < 200; second++) Look(500 + second, 1);
        Assert.True(_newer.IsOutdated);
        Assert.Equal(699, _newer.Newest);
        _newer.Applied(699);
        Assert.False(_newer.IsOutdated);
    }

    [Fact]
    public void Its_own_generation_and_older_ones_mean_nothing()
    {
        for (var i = 0; i < 100; i++)
        {
            Look(5, 1);
            Look(4, 1);
            Look(0, 1);
        }

        Assert.Equal((false, 0), (_newer.IsOutdated, _newer.Newest));
    }

    [Fact]
    public void Members_that_lose_everything_do_not_make_it_forget_but_time_does()
    {
        Look(7, 10);
        for (var second = 10; second < 60; second++)
        {
            Assert.True(_newer.IsOutdated);
            Look(0, 1);
        }

        Assert.Equal((false, 0), (_newer.IsOutdated, _newer.Newest));
    }

    [Fact]
    public void Whoever_stood_still_has_lacked_it_since_it_last_looked()
    {
        Look(5, 600);
        _newer.Saw(7, Minute);
        Assert.True(_newer.IsOutdated);
    }

    [Fact]
    public void Without_a_limit_nobody_is_outdated()
    {
        var newer = new NewerGenerations(TimeSpan.Zero, _time);
        newer.Applied(5);
        newer.Saw(7, Minute);
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal((false, 7), (newer.IsOutdated, newer.Newest));
    }

    private void Look(long generation, double secondsAfter)
    {
        _newer.Saw(generation, Minute);
        _time.Advance(TimeSpan.FromSeconds(secondsAfter));
    }
}
