using System.Text;

namespace CacheOperator.Integration.Tests.Proxy;

public sealed class ManyKeysTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Thousands_of_keys_are_answered_in_the_order_in_which_they_were_asked_for(int shards)
    {
        await using var fleet = await ProxyFleet.StartAsync(Token, shards: shards);
        using var client = await fleet.ConnectAsync(Token);
        var random = new Random(1);
        var script = new StringBuilder("get");
        var expected = new StringBuilder();
        for (var i = 0; i < 1000; i++) await client.LineAsync($"set key-{i} {i} 0 {i % 50}\r\n{new string('v', i % 50)}\r\n", Token);
        await client.LineAsync("delete key-7\r\n", Token);
        for (var i = 0; i < 5000; i++)
        {
            // Misses and repeated keys among them, and now and then more than one space.
            var key = random.Next(1100);
            script.Append(random.Next(20) == 0 ? "  " : " ").Append("key-").Append(key);
            if (key is < 1000 and not 7) expected.Append($"VALUE key-{key} {key} {key % 50}\r\n{new string('v', key % 50)}\r\n");
        }

        expected.Append("END\r\n");
        await client.SendAsync(script.Append("\r\n").ToString(), Token);

        Assert.Equal(expected.ToString(), await client.ReadAsync(expected.Length, Token));
    }

    [Fact]
    public async Task Deleted_keys_do_not_show_while_their_tombstones_are_kept()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token);
        using var client = await fleet.ConnectAsync(Token);
        foreach (var key in new[] { "a", "b", "c" }) await client.LineAsync($"set {key} 0 0 0\r\n\r\n", Token);
        await fleet.Members[2].Process.KillAsync();
        await ProxyFleet.WaitAsync(() => !fleet.Status(2).Reachable, "the loss noticed", Token);

        Assert.Equal("DELETED", await client.LineAsync("delete b\r\n", Token));

        Assert.Equal("VALUE a 0 0\r\n\r\nVALUE c 0 0\r\n\r\nEND\r\n", await client.AskAsync("get a b c\r\n", "END\r\n", Token));
    }

    [Fact]
    public async Task A_member_lost_anywhere_in_its_answer_leaves_no_trace_in_the_clients()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token);
        await using var relay = new Relay(fleet.Members[0].EndPoint);
        using var client = await fleet.ConnectAsync(Token);
        var expected = new StringBuilder();
        foreach (var key in new[] { "a", "b", "c", "d" })
        {
            await client.LineAsync($"set {key} 1 0 5\r\nval-{key}\r\n", Token);
            expected.Append($"VALUE {key} 1 5\r\nval-{key}\r\n");
        }

        expected.Append("END\r\n");
        var epoch = 2;
        await fleet.ApplyAsync(0, m => m with { Address = relay.EndPoint.ToString(), Epoch = epoch }, Token);
        await ProxyFleet.WaitAsync(() => fleet.Status(0).Reachable, "reached by the relay", Token);
        for (var cut = 1; cut <= 190; cut += 7)
        {
            relay.CutAfter(cut);
            Assert.Equal(expected + expected.ToString(), await client.AskAsync("get a b none c d\r\nget a b c d\r\nmn\r\n", "MN\r\n", Token) is var reply ? reply[..^4] : null);
            await ProxyFleet.WaitAsync(() => relay.IsCut, "the cut", Token);
            relay.Heal();
            await fleet.ApplyAsync(0, m => m with { Epoch = ++epoch }, Token);
            await ProxyFleet.WaitAsync(() => fleet.Status(0).Reachable, "reached again", Token);
        }
    }

    [Fact]
    public async Task A_member_that_stands_still_in_the_middle_of_many_keys_is_passed_over()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token, settings: s => s with { HedgeDelay = 50, MemberTimeout = 10_000 });
        using var client = await fleet.ConnectAsync(Token);
        var expected = new StringBuilder();
        for (var i = 0; i < 100; i++)
        {
            await client.LineAsync($"set key-{i} 0 0 1000\r\n{new string((char)('a' + (i % 26)), 1000)}\r\n", Token);
            expected.Append($"VALUE key-{i} 0 1000\r\n{new string((char)('a' + (i % 26)), 1000)}\r\n");
        }

        expected.Append("END\r\n");
        var keys = string.Join(' ', Enumerable.Range(0, 100).Select(i => $"key-{i}"));
        for (var round = 0; round < 5; round++)
        {
            await fleet.Members[0].Process.SignalAsync("STOP", Token);
            await client.SendAsync($"get {keys}\r\n", Token);
            Assert.Equal(expected.ToString(), await client.ReadAsync(expected.Length, Token));
            await fleet.Members[0].Process.SignalAsync("CONT", Token);
            Assert.Equal(expected.ToString(), await client.AskAsync($"get {keys}\r\n", "END\r\n", Token));
        }
    }
}
