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

    [Fact]
    public void Each_that_waits_for_too_long_is_told_once_and_the_next_answer_ends_the_slowness()
    {
        var pending = new PendingReplies();
        var targets = new[] { new Nobody(), new Nobody(), new Nobody() };
        for (var i = 0; i < targets.Length; i++) pending.Enqueue(new PendingReplies.Entry(targets[i], SentAt: i, 0, 0));

        pending.FindSlow(sentBy: 1);
        pending.FindSlow(sentBy: 1);
        Assert.Equal([1, 1, 0], targets.Select(target => target.SlowReplies));
        Assert.True(pending.IsSlow);

        pending.Dequeue();
        Assert.False(pending.IsSlow);
        pending.FindSlow(sentBy: 2);

        Assert.Equal([1, 1, 1], targets.Select(target => target.SlowReplies));
    }

    [Fact]
    public void When_the_connection_is_lost_all_fail()
    {
        var pending = new PendingReplies();
        var target = new Nobody();
        for (var i = 0; i < 3; i++) pending.Enqueue(new PendingReplies.Entry(target, SentAt: i, 0, 0));
        pending.FindSlow(sentBy: 3);

        pending.Fail();

        Assert.Equal((3, 0, false), (target.Failures, pending.Count, pending.IsSlow));
    }

    private sealed class Nobody : ReplyTarget
    {
        public int SlowReplies { get; private set; }

        public int Failures { get; private set; }

        internal override void Deliver(int replica, int tag, in MemberReply reply)
        {
        }

        internal override void Fail(int replica, int tag) => Failures++;

        internal override void OnSlow() => SlowReplies++;
    }
}
