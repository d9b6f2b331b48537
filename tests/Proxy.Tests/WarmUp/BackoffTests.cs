using CacheOperator.Proxy.WarmUp;

namespace CacheOperator.Proxy.Tests.WarmUp;

public sealed class BackoffTests
{
    [Fact]
    public void The_share_is_halved_again_and_again_while_answers_are_late_and_never_nothing()
    {
        var backoff = new Backoff();
        Observe(backoff, 1);
        Assert.Equal(1, backoff.Share);
        Observe(backoff, 10);
        Assert.Equal(0.5, backoff.Share);
        Observe(backoff, 10);
        Assert.Equal(0.25, backoff.Share);
        Observe(backoff, 10, 10, 10, 10);
        Assert.Equal(Backoff.LeastShare, backoff.Share);
    }

    [Fact]
    public void Once_answers_are_as_usual_the_share_grows_back_step_by_step()
    {
        var backoff = new Backoff();
        Observe(backoff, 1, 10, 1);
        Assert.Equal(0.6, backoff.Share, 0.001);
        Observe(backoff, 1, 1, 1, 1, 1, 1);
        Assert.Equal(1, backoff.Share);
    }

    [Fact]
    public void What_is_late_goes_by_what_is_usual_for_this_source()
    {
        var backoff = new Backoff();
        Observe(backoff, 10, 20);
        Assert.Equal(1, backoff.Share);
    }

    [Fact]
    public void A_single_late_answer_says_nothing()
    {
        var backoff = new Backoff();
        Observe(backoff, 1);
        foreach (var milliseconds in new[] { 1, 500, 1, 1, 500 })
            backoff.Observe(TimeSpan.FromMilliseconds(milliseconds));
        Assert.Equal(1, backoff.Share);
    }

    /// <summary>Windows of round trips that all take so long.</summary>
    internal static void Observe(Backoff backoff, params int[] milliseconds)
    {
        foreach (var roundTrip in milliseconds.SelectMany(each => Enumerable.Repeat(each, Backoff.Window)))
            backoff.Observe(TimeSpan.FromMilliseconds(roundTrip));
    }
}
