using CacheOperator.Proxy.WarmUp;
using Microsoft.Extensions.Time.Testing;

namespace CacheOperator.Proxy.Tests.WarmUp;

public sealed class BackoffTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void A_source_that_nobody_uses_gets_everything_at_once_however_late_it_answers()
    {
        var clients = new ClientTraffic(_time);
        clients.Observe(1);
        var backoff = new Backoff(clients);
        Observe(backoff, 1, 100, 100, 100);
        Assert.Equal(1, backoff.Share);
    }

    [Fact]
    public void The_share_is_halved_again_and_again_while_answers_are_late_and_never_nothing()
    {
        var backoff = Used(_time);
        Observe(backoff, 1);
        Assert.Equal(Backoff.FirstShare, backoff.Share);
        Observe(backoff, 10);
        Assert.Equal(Backoff.FirstShare / 2, backoff.Share);
        Observe(backoff, 10, 10, 10, 10);
        Assert.Equal(Backoff.LeastShare, backoff.Share);
    }

    [Fact]
    public void While_answers_are_as_usual_the_share_grows_step_by_step()
    {
        var backoff = Used(_time);
        Observe(backoff, 1, 10, 1);
        Assert.InRange(backoff.Share, Backoff.FirstShare / 2, Backoff.FirstShare * 0.6);
        for (var i = 0; i < 1000; i++) Observe(backoff, 1);
        Assert.Equal(Backoff.LargestShare, backoff.Share);
    }

    [Fact]
    public void What_is_late_goes_by_what_is_usual_for_this_source()
    {
        var backoff = Used(_time);
        Observe(backoff, 10, 14);
        Assert.True(backoff.Share > Backoff.FirstShare);
    }

    [Fact]
    public void A_single_late_answer_says_nothing()
    {
        var backoff = Used(_time);
        Observe(backoff, 1);
        for (var i = 0; i < Backoff.Window; i++) backoff.Observe(TimeSpan.FromMilliseconds(i == 3 ? 500 : 1));
        Assert.True(backoff.Share > Backoff.FirstShare);
    }

    /// <summary>Of a copy whose source has clients.</summary>
    internal static Backoff Used(TimeProvider time)
    {
        var clients = new ClientTraffic(time);
        clients.Observe(0);
        clients.Observe(1000);
        return new Backoff(clients);
    }

    /// <summary>Windows of round trips that all take so long.</summary>
    private static void Observe(Backoff backoff, params int[] milliseconds)
    {
        foreach (var roundTrip in milliseconds.SelectMany(each => Enumerable.Repeat(each, Backoff.Window)))
            backoff.Observe(TimeSpan.FromMilliseconds(roundTrip));
    }
}
