using CacheOperator.Proxy.Members;
using CacheOperator.Proxy.Protocol;

namespace CacheOperator.Proxy.Tests.Members;

public sealed class PendingRepliesTests
{
    [Fact]
    public void Replies_are_awaited_in_the_order_of_the_requests_while_the_ring_grows()
    {
        var pending = new PendingReplies();
        long next = 0, expected = 0;
        for (var round = 0; round < 50; round++)
        {
            for (var i = 0; i < 20; i++) pending.Enqueue(new PendingReplies.Entry(new Nobody(), next++, 0, 0));
            for (var i = 0; i < 10; i++) Assert.Equal(expected++, pending.Dequeue().SentAt);
            Assert.Equal(expected, pending[0].SentAt);
            Assert.Equal(next - 1, pending[pending.Count - 1].SentAt);
        }
    }

    private sealed class Nobody : ReplyTarget
    {
        internal override void Deliver(int replica, int tag, in MemberReply reply)
        {
        }

        internal override void Fail(int replica, int tag)
        {
        }
    }
}
