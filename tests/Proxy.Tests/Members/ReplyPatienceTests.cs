using CacheOperator.Proxy.Members;

namespace CacheOperator.Proxy.Tests.Members;

public sealed class ReplyPatienceTests
{
    private readonly ReplyPatience _patience = new(Hedge: 50, Timeout: 500);

    [Theory]
    [InlineData(0, 200)]
    [InlineData(49, 200)]
    [InlineData(50, 50)]
    [InlineData(400, 50)]
    public void A_request_may_wait_longer_for_a_member_that_answers_others(long silence, long expected) =>
        Assert.Equal(expected, _patience.OfOne(silence));

    [Theory]
    [InlineData(499, false)]
    [InlineData(500, true)]
    public void A_member_that_sends_nothing_is_given_up_in_the_end(long silence, bool expected) =>
        Assert.Equal(expected, _patience.IsOver(silence));
}
