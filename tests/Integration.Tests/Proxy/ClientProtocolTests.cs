using System.Text;
using System.Text.RegularExpressions;
using CacheOperator.Provisioning.Memcached;

namespace CacheOperator.Integration.Tests.Proxy;

/// <summary>
/// The proxy beside a plain memcached: the same bytes in, the same bytes out. Malformed commands that memcached's versions
/// answer differently are left to the parser's own tests.
/// </summary>
public sealed class ClientProtocolTests
{
    private static readonly string[] Script =
    [
        "set a 1 0 3\r\nabc\r\n", "get a\r\n", "get a b a\r\n", "add a 0 0 1\r\nx\r\n", "add b 2 0 0\r\n\r\n", "get a  b c a\r\n", "delete c\r\n", "delete a\r\n", "get a b\r\n",
        "set n 0 0 1 noreply\r\nn\r\n", "get n\r\n", "add n 0 0 1 noreply\r\nm\r\n", "add m 0 0 1 noreply\r\nm\r\n", "get n m\r\n", "delete n noreply\r\n", "get n m\r\n",
        "set t 0 -1 1\r\nx\r\n", "get t\r\n", "foo\r\n", "GET a\r\n", "set x 0 0 -1\r\n", "set wide 4294967297 0 1\r\nx\r\n", "get wide\r\n",
        "set x 0 0 1 junk\r\nx\r\n", "set x 00 +5 01\r\nx\r\n", "get x\r\n", "verbosity 1\r\n", "verbosity 1 noreply\r\n", "set bin 0 0 6\r\n\r\nEN\r\n\r\n", "get bin\r\n",
        "set x 0 0 3\r\nabcdfoo\r\n", $"set {new string('k', 250)} 0 0 1\r\nk\r\n", $"get {new string('k', 250)} a\r\n", $"delete {new string('k', 251)}\r\n", "get b\n",
        "replace r 1 0 1\r\nx\r\n", "append r 1 0 1\r\nx\r\n", "prepend r 1 0 1\r\nx\r\n", "incr r 1\r\n", "decr r 1\r\n", "touch r 1\r\n", "cas r 0 0 1 7\r\nx\r\n", "gat 0 r r\r\n",
        "set r 3 100 2\r\n98\r\n", "replace r 4 0 2\r\n97\r\n", "cas r 0 0 1 999999999999\r\nx\r\n", "incr r 2\r\n", "incr r 1\r\n", "get r\r\n", "append r 9 9 1\r\n0\r\n", "prepend r 9 9 1\r\n2\r\n",
        "get r\r\n", "incr r 18446744073709551615\r\n", "decr r 1\r\n", "get r\r\n", "incr r 1 noreply\r\n", "append r 0 0 1 noreply\r\nx\r\n", "get r\r\n", "incr r 1\r\n", "incr r x\r\n",
        "touch r 0\r\n", "touch r 100 noreply\r\n", "gat 50 r none r\r\n", "touch r soon\r\n", "gat soon r\r\n", "touch r -1\r\n", "get r\r\n", "set r 0 0 1\r\n1\r\n", "gat -1 r\r\n", "get r\r\n",
        "set r 0 0 20\r\n18446744073709551615\r\n", "incr r 2\r\n", "set r 0 0 3\r\n5 x\r\n", "incr r 2\r\n", "get r\r\n", "set r 0 0 0\r\n\r\n", "incr r 1\r\n", "set r 0 0 2\r\n-1\r\n", "incr r 1\r\n",
        "flush_all\r\n", "get r a n m x\r\n", "add r 0 0 1\r\n1\r\n", "flush_all noreply\r\n", "get r\r\n", "flush_all 0\r\n", "flush_all soon\r\n", "stats reset\r\n", "stats nonsense\r\n",
        $"set room 0 0 {1000 << 10}\r\n{new string('x', 1000 << 10)}\r\n", $"append room 0 0 {100 << 10}\r\n{new string('x', 100 << 10)}\r\n", "gat 0 room\r\n",
        $"add large 0 0 {2 << 20}\r\n{new string('x', 2 << 20)}\r\n", "get large\r\n",
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 7)]
    [InlineData(3, 64)]
    [InlineData(3, int.MaxValue)]
    public async Task Replies_are_those_of_memcached_however_the_commands_are_cut(int shards, int chunk)
    {
        await using var fleet = await ProxyFleet.StartAsync(Token, shards: shards);
        await using var plain = await MemcachedServer.StartAsync(await MemcachedBinary.EnsureAsync(null, Token), Token);
        var script = string.Concat(Script) + "get last\r\nquit\r\n";

        using var reference = await RawClient.ConnectAsync(plain.EndPoint, Token);
        await reference.SendAsync(script, Token);
        var expected = await reference.ReadToEndAsync(Token);
        using var client = await fleet.ConnectAsync(Token);
        foreach (var part in script.Chunk(chunk)) await client.SendAsync(new string(part), Token);

        Assert.Equal(expected, await client.ReadToEndAsync(Token));
    }

    [Fact]
    public async Task Decreasing_pads_with_blanks_as_memcached_does_in_every_zone()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token);
        using var client = await fleet.ConnectAsync(Token);
        Assert.Equal("STORED", await client.LineAsync("set n 5 0 3\r\n101\r\n", Token));
        Assert.Equal("99", await client.LineAsync("decr n 2\r\n", Token));
        Assert.Equal("99 ", await client.GetAsync("n", Token));
        Assert.Equal("0", await client.LineAsync("decr n 1000\r\n", Token));
        Assert.Equal("0  ", await client.GetAsync("n", Token));
        await ProxyFleet.WaitAsync(async () => (await fleet.CopiesAsync("n", Token)).All(item => item.EndsWith("\r\n0  \r\n", StringComparison.Ordinal)), "the same bytes in all zones", Token);
    }

    [Fact]
    public async Task The_binary_protocol_is_refused_in_its_own_terms()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token);
        using var client = await fleet.ConnectAsync(Token);
        foreach (var part in "\x80\x0b\0\0\0\0\0\0\0\0\0\0abcd\0\0\0\0\0\0\0\0".Chunk(5)) await client.SendAsync(new string(part), Token);

        Assert.Equal("\x81\x0b\0\0\0\0\0\x81\0\0\0\x0f" + "abcd\0\0\0\0\0\0\0\0Unknown command", await client.ReadToEndAsync(Token));
    }

    [Fact]
    public async Task Statistics_begin_anew_when_reset()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token);
        using var client = await fleet.ConnectAsync(Token);
        await client.LineAsync("set k 0 0 1\r\nx\r\n", Token);
        await client.GetAsync("k", Token);
        var before = await client.AskAsync("stats\r\n", "END\r\n", Token);
        Assert.Contains("STAT cmd_get 1\r\nSTAT cmd_set 1\r\n", before, StringComparison.Ordinal);

        Assert.Equal("RESET", await client.LineAsync("stats reset\r\n", Token));

        var after = await client.AskAsync("stats\r\n", "END\r\n", Token);
        Assert.Contains("STAT curr_connections 1\r\nSTAT total_connections 0\r\nSTAT rejected_connections 0\r\nSTAT connection_structures 1\r\nSTAT cmd_get 0\r\nSTAT cmd_set 0\r\n", after, StringComparison.Ordinal);
        Assert.Equal(1, fleet.Proxy.Reporter.Status().Traffic.Reads);
    }

    [Fact]
    public async Task The_answers_of_a_long_pipeline_come_in_order()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token, shards: 3);
        using var client = await fleet.ConnectAsync(Token);
        var script = new StringBuilder();
        var expected = new StringBuilder();
        for (var i = 0; i < 3000; i++)
        {
            script.Append($"set k{i % 100} 0 0 {5 + (i % 7)}\r\n{i:00000}{new string('x', i % 7)}\r\nget k{i % 100} missing k{i % 100}\r\n");
            var item = $"VALUE k{i % 100} 0 {5 + (i % 7)}\r\n{i:00000}{new string('x', i % 7)}\r\n";
            expected.Append($"STORED\r\n{item}{item}END\r\n");
        }

        var sending = client.SendAsync(script.ToString(), Token);
        var received = await client.ReadAsync(expected.Length, Token);
        await sending;
        Assert.Equal(expected.ToString(), received);
    }

    [Fact]
    public async Task Large_values_pass_both_ways()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token);
        using var client = await fleet.ConnectAsync(Token);
        foreach (var size in new[] { 1000, 20_000, 70_000, 1_000_000 })
        {
            var value = string.Create(size, size, (span, seed) =>
            {
                for (var i = 0; i < span.Length; i++) span[i] = (char)('a' + ((i * 7 + seed) % 26));
            });
            Assert.Equal("STORED", await client.LineAsync($"set big 0 0 {size}\r\n{value}\r\n", Token));
            Assert.Equal(value, await client.GetAsync("big", Token));
        }
    }

    [Fact]
    public async Task Versions_are_the_tokens_of_gets()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token, proxies: 2);
        using var client = await fleet.ConnectAsync(Token);
        using var other = await fleet.ConnectAsync(Token, proxy: 1);
        await client.LineAsync("set k 0 0 1\r\nx\r\n", Token);
        var first = await client.AskAsync("gets k\r\n", "END\r\n", Token);
        Assert.Matches(new Regex("^VALUE k 0 1 [0-9]{15,20}\r\nx\r\nEND\r\n$"), first);
        await ProxyFleet.WaitAsync(async () => await other.AskAsync("gets k\r\n", "END\r\n", Token) == first, "the same token in the other zone", Token);
    }

    [Fact]
    public async Task A_client_that_ends_its_input_gets_all_its_answers()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token, settings: s => s with { MaxRequestsPerClient = 2 });
        using var client = await fleet.ConnectAsync(Token);
        await client.SendAsync(string.Concat(Enumerable.Repeat("set k 0 0 1\r\nx\r\nget k\r\n", 500)) + "get incompl", Token);
        client.EndInput();

        var answers = await client.ReadToEndAsync(Token);

        Assert.Equal(string.Concat(Enumerable.Repeat("STORED\r\nVALUE k 0 1\r\nx\r\nEND\r\n", 500)), answers);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("LONG")]
    public async Task Hostile_input_closes_the_connection_and_harms_nobody_else(string input)
    {
        await using var fleet = await ProxyFleet.StartAsync(Token);
        using var client = await fleet.ConnectAsync(Token);
        using var other = await fleet.ConnectAsync(Token);
        await client.SendAsync(input == "LONG" ? new string('x', 3000) : input, Token);

        Assert.Equal("", await client.ReadToEndAsync(Token));
        Assert.Equal("STORED", await other.LineAsync("set k 0 0 1\r\nx\r\n", Token));
    }

    [Fact]
    public async Task A_client_that_does_not_read_is_not_read_from_and_others_go_on()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token);
        using var lazy = await fleet.ConnectAsync(Token);
        using var client = await fleet.ConnectAsync(Token);
        var value = new string('x', 100_000);
        await client.LineAsync($"set big 0 0 {value.Length}\r\n{value}\r\n", Token);
        const int Requests = 20_000;
        await lazy.SendAsync(string.Concat(Enumerable.Repeat("get big\r\n", Requests)), Token);

        for (var i = 0; i < 200; i++) Assert.Equal("STORED", await client.LineAsync("set k 0 0 1\r\nx\r\n", Token));

        // 2 GB were asked for; what is held for the client stays near its bound.
        Assert.InRange(fleet.Proxy.Workers[0].Loop.Buffers.Rented, 0, 100 << 20);
        Assert.True(fleet.Proxy.Reporter.Status().Traffic.Reads < Requests);
        lazy.Dispose();
        Assert.Equal("STORED", await client.LineAsync("set k 0 0 1\r\nx\r\n", Token));
    }
}
