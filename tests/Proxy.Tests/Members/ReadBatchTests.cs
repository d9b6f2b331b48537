using System.Text;
using CacheOperator.Proxy.Members;
using CacheOperator.Proxy.Protocol;

namespace CacheOperator.Proxy.Tests.Members;

public sealed class ReadBatchTests
{
    private readonly Stack<ReadBatch> _pool = new();
    private readonly List<string> _log = [];

    [Fact]
    public void The_keys_of_all_reads_stand_on_one_line()
    {
        var batch = Batch("a b", "c");
        var line = new byte[batch.Length];

        Assert.Equal(line.Length, batch.WriteTo(line));
        Assert.Equal("gets a b c\r\n", Encoding.ASCII.GetString(line));
    }

    [Theory]
    [InlineData("a c d", "0:a 0:End 1:c 2:d 1:End 2:End")]
    [InlineData("b d", "0:b 0:End 1:End 2:d 2:End")]
    [InlineData("", "0:End 1:End 2:End")]
    [InlineData("a b", "0:a 0:b 0:End 1:End 2:End")]
    public void Every_read_gets_its_items_and_its_end(string items, string expected)
    {
        var batch = Batch("a b", "c", "d");

        foreach (var item in items.Split(' ', StringSplitOptions.RemoveEmptyEntries)) Item(batch, item);
        batch.Deliver(0, 0, new MemberReply { Kind = ReplyKind.End });

        Assert.Equal(expected.Split(' ').Order(), _log.Order());
        Assert.Equal(expected.Split(' ').Where(e => e[0] == '0'), _log.Where(e => e[0] == '0'));
        Assert.Single(_pool);
    }

    [Fact]
    public void A_key_asked_for_twice_is_given_twice()
    {
        var batch = Batch("a a", "a");

        for (var i = 0; i < 3; i++) Item(batch, "a");
        batch.Deliver(0, 0, new MemberReply { Kind = ReplyKind.End });

        Assert.Equal(["0:a", "0:a", "0:End", "1:a", "1:End"], _log);
    }

    [Fact]
    public void A_key_that_begins_like_another_one_is_not_taken_for_it()
    {
        var batch = Batch("key1", "key");

        Item(batch, "key");
        batch.Deliver(0, 0, new MemberReply { Kind = ReplyKind.End });

        Assert.Equal(["0:End", "1:key", "1:End"], _log);
    }

    [Fact]
    public void An_error_and_a_failure_reach_whoever_still_waits()
    {
        var batch = Batch("a", "b", "c");
        Item(batch, "b");
        batch.Deliver(0, 0, new MemberReply { Kind = ReplyKind.Error });
        Assert.Equal(["0:End", "1:b", "1:Error", "2:Error"], _log);

        _log.Clear();
        batch = Batch("a", "b");
        Item(batch, "b");
        batch.OnSlow();
        batch.Fail(0, 0);
        Assert.Equal(["0:End", "1:b", "1:slow", "1:failed"], _log);
    }

    [Fact]
    public void An_item_that_nobody_asked_for_is_an_error()
    {
        var batch = Batch("a", "b");
        Item(batch, "b");

        Assert.Throws<ProtocolException>(() => Item(batch, "a"));
    }

    [Fact]
    public void It_takes_as_many_keys_as_fit_on_the_line()
    {
        var batch = new ReadBatch(_pool);
        var key = Encoding.ASCII.GetBytes(new string('k', 249));
        var count = 0;
        for (; batch.HasRoomFor(key); count++) batch.Add(new Recorder(_log, count), 0, 0, key);

        Assert.Equal(ReadBatch.MaxKeysLength / 250, count);
        Assert.InRange(batch.Length, 1500, 2048);
        Assert.Equal(batch.Length, batch.WriteTo(new byte[batch.Length]));
    }

    private static void Item(ReadBatch batch, string key) =>
        batch.OnPart(0, 0, new MemberReply { Kind = ReplyKind.Item, Key = Encoding.ASCII.GetBytes(key) });

    private ReadBatch Batch(params string[] reads)
    {
        var batch = _pool.TryPop(out var used) ? used : new ReadBatch(_pool);
        for (var i = 0; i < reads.Length; i++) batch.Add(new Recorder(_log, i), i, i, Encoding.ASCII.GetBytes(reads[i]));
        return batch;
    }

    private sealed class Recorder(List<string> log, int index) : ReplyTarget
    {
        internal override void OnPart(int replica, int tag, in MemberReply reply) => log.Add($"{index}:{Encoding.ASCII.GetString(reply.Key)}");

        internal override void Deliver(int replica, int tag, in MemberReply reply) => log.Add($"{index}:{reply.Kind}");

        internal override void Fail(int replica, int tag) => log.Add($"{index}:failed");

        internal override void OnSlow() => log.Add($"{index}:slow");
    }
}
