using System.Text;
using CacheOperator.Benchmarks.Load;

namespace CacheOperator.Benchmarks.Tests.Load;

public sealed class RequestStreamTests
{
    private static readonly Workload Gets = new() { Mix = Mix.Get, Clients = 1, ValueSize = 100 };

    [Fact]
    public void A_get_is_answered_by_its_own_value()
    {
        var stream = RequestStream.Build(Gets with { Pipeline = 2 }, 'x');
        var requests = Lines(stream.Requests(0));
        var replies = Lines(stream.Replies(0));
        Assert.Equal(2, requests.Length);
        for (var i = 0; i < 2; i++)
        {
            var key = requests[i]["get ".Length..];
            Assert.Equal($"VALUE {key} 0 100", replies[i * 3]);
            Assert.Equal(new string('x', 100), replies[(i * 3) + 1]);
            Assert.Equal("END", replies[(i * 3) + 2]);
        }

        Assert.Equal((2, 0), (stream.Gets(0), stream.Sets(0)));
    }

    [Fact]
    public void A_multi_get_counts_each_of_its_keys()
    {
        var stream = RequestStream.Build(Gets with { KeysPerGet = 100 }, 'x');
        Assert.Equal(1000, stream.Batches);
        Assert.Single(Lines(stream.Requests(7)));
        Assert.Equal(201, Lines(stream.Replies(7)).Length);
        Assert.Equal(100, stream.Gets(7));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(4 << 10)]
    [InlineData(100 << 10)]
    public void Filling_writes_every_key_that_is_read(int valueSize)
    {
        var workload = Gets with { ValueSize = valueSize };
        Assert.Equal(KeysOf(RequestStream.Build(workload, 'x')), KeysOf(RequestStream.Build(workload.Fill, 'x')));
    }

    [Fact]
    public void Keys_come_in_another_order_than_that_of_their_numbers()
    {
        var keys = KeysOf(RequestStream.Build(Gets, 'x'), sorted: false);
        Assert.NotEqual(keys.Order(StringComparer.Ordinal), keys);
    }

    [Fact]
    public void Owners_share_no_key() =>
        Assert.Empty(KeysOf(RequestStream.Build(Gets, 'x')).Intersect(KeysOf(RequestStream.Build(Gets, 'y'))));

    [Fact]
    public void A_tenth_of_the_mix_is_sets()
    {
        var stream = RequestStream.Build(Gets with { Mix = Mix.OneToNine, Pipeline = 32 }, 'x');
        var sets = Enumerable.Range(0, stream.Batches).Sum(stream.Sets);
        var gets = Enumerable.Range(0, stream.Batches).Sum(stream.Gets);
        Assert.Equal(100_000, gets + sets);
        Assert.InRange(sets, 9_500, 10_500);
    }

    private static string[] Lines(ReadOnlySpan<byte> bytes) => Encoding.ASCII.GetString(bytes).Split("\r\n")[..^1];

    private static List<string> KeysOf(RequestStream stream, bool sorted = true)
    {
        var keys = new List<string>();
        for (var batch = 0; batch < stream.Batches; batch++)
            keys.AddRange(Lines(stream.Requests(batch)).Where(line => line.Contains(' ')).Select(line => line.Split(' ')[1]));
        if (sorted) keys.Sort(StringComparer.Ordinal);
        return keys;
    }
}
