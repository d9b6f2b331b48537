using CacheOperator.Proxy.Members;

namespace CacheOperator.Proxy.Tests.Members;

public sealed class ReconnectDelayTests
{
    [Fact]
    public void Attempts_become_rarer_up_to_a_limit_and_begin_anew_after_a_success()
    {
        var delay = new ReconnectDelay(new Random(1));
        foreach (var expected in new[] { 50, 100, 200, 400, 800, 1600, 2000, 2000, 2000 })
            Assert.InRange(delay.Next(), expected * 3 / 4, expected * 5 / 4);

        delay.Reset();

        Assert.InRange(delay.Next(), 37, 63);
    }

    [Fact]
    public void However_often_it_fails_the_limit_holds()
    {
        var delay = new ReconnectDelay(new Random(1));
        for (var i = 0; i < 100; i++) Assert.InRange(delay.Next(), 1, 2500);
    }
}
