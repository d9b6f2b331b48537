using System.Globalization;
using System.Text.RegularExpressions;
using CacheOperator.Topology;

namespace CacheOperator.Integration.Tests.Proxy;

/// <summary>Commands that depend on what is stored, through several proxies: none is lost, and all zones end up the same.</summary>
public sealed class ConditionalWriteTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("replace k 7 500 3\r\nnew\r\n", "STORED")]
    [InlineData("replace none 7 500 3\r\nnew\r\n", "NOT_STORED")]
    [InlineData("append k 7 500 3\r\nnew\r\n", "STORED")]
    [InlineData("prepend k 7 500 3\r\nnew\r\n", "STORED")]
    [InlineData("append none 7 500 3\r\nnew\r\n", "NOT_STORED")]
    [InlineData("incr k 900\r\n", "1000")]
    [InlineData("decr k 99\r\n", "1")]
    [InlineData("incr none 1\r\n", "NOT_FOUND")]
    [InlineData("touch k 200\r\n", "TOUCHED")]
    [InlineData("touch k 0\r\n", "TOUCHED")]
    [InlineData("touch k -1\r\n", "TOUCHED")]
    [InlineData("touch none 200\r\n", "NOT_FOUND")]
    [InlineData("cas k 0 0 1 2\r\nx\r\n", "EXISTS")]
    [InlineData("cas none 0 0 1 2\r\nx\r\n", "NOT_FOUND")]
    public async Task What_a_command_leaves_is_the_same_in_every_zone(string command, string answer)
    {
        await using var fleet = await ProxyFleet.StartAsync(Token, proxies: 3);
        for (var proxy = 0; proxy < 3; proxy++)
        {
            using var client = await fleet.ConnectAsync(Token, proxy);
            await client.LineAsync("set k 3 1000 3\r\n100\r\n", Token);
            Assert.Equal(answer, await client.LineAsync(command, Token));
            await AssertEqualAsync(fleet, "k");
            await AssertEqualAsync(fleet, "none");
        }
    }

    [Fact]
    public async Task Flags_and_expiry_outlive_arithmetic_and_appending_in_every_zone()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token, proxies: 2);
        using var client = await fleet.ConnectAsync(Token);
        using var other = await fleet.ConnectAsync(Token, proxy: 1);
        await client.LineAsync("set k 42 1000 1\r\n9\r\n", Token);
        await AssertEqualAsync(fleet, "k");
        Assert.Equal("10", await other.LineAsync("incr k 1\r\n", Token));
        Assert.Equal("STORED", await client.LineAsync("append k 1 5 1\r\n0\r\n", Token));
        await AssertEqualAsync(fleet, "k");
        Assert.Matches("^VA 3 f42 c[0-9]+ t(1000|99[0-9])\r\n100\r\n$", await fleet.CopyAsync(2, "k", Token));
    }

    [Fact]
    public async Task A_number_that_gets_longer_has_a_version_of_the_proxy()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token);
        using var client = await fleet.ConnectAsync(Token);
        await client.LineAsync("set n 0 0 1\r\n9\r\n", Token);
        var before = Version(await client.LineAsync("mg n c\r\n", Token));
        var counted = Version(await client.LineAsync("ma n c\r\n", Token));
        Assert.True(counted > before, $"{before}, then {counted}");
        Assert.Equal(counted, Version(await client.LineAsync("mg n c\r\n", Token)));
        await AssertEqualAsync(fleet, "n");
        Assert.Equal(counted, Version(await fleet.ItemAsync(1, "n", Token)));

        static ulong Version(string line) => ulong.Parse(line.Split(' ').Single(word => word.StartsWith('c'))[1..], CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task Counting_through_three_proxies_at_once_loses_nothing()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token, proxies: 3);
        const int Clients = 12, Rounds = 100;
        using var first = await fleet.ConnectAsync(Token);
        await first.LineAsync("set n 0 0 1\r\n0\r\n", Token);
        await AssertEqualAsync(fleet, "n");
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async c =>
        {
            using var client = await fleet.ConnectAsync(Token, proxy: c % 3);
            for (var i = 0; i < Rounds; i++)
                Assert.True(ulong.TryParse(await client.LineAsync(i % 4 == 3 ? "decr n 1\r\n" : "incr n 2\r\n", Token), out _));
        }));

        await AssertEqualAsync(fleet, "n");
        Assert.Equal($"{Clients * Rounds / 4 * ((3 * 2) - 1)}", (await first.GetAsync("n", Token))!.TrimEnd());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_update_by_cas_is_lost(bool losingAMember)
    {
        await using var fleet = await ProxyFleet.StartAsync(Token, proxies: 3);
        using var first = await fleet.ConnectAsync(Token);
        await first.LineAsync("set n 0 0 1\r\n0\r\n", Token);
        await AssertEqualAsync(fleet, "n");
        var stored = 0;
        var load = Task.WhenAll(Enumerable.Range(0, 9).Select(async c =>
        {
            using var client = await fleet.ConnectAsync(Token, proxy: c % 3);
            for (var successes = 0; successes < 30;)
            {
                var item = (await client.AskAsync("gets n\r\n", "END\r\n", Token)).Split(' ', '\r', '\n');
                var next = (int.Parse(item[6], CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture);
                var answer = await client.LineAsync($"cas n 0 0 {next.Length} {item[4]}\r\n{next}\r\n", Token);
                Assert.True(answer is "STORED" or "EXISTS", answer);
                if (answer != "STORED") continue;
                successes++;
                Interlocked.Increment(ref stored);
            }
        }));

        if (losingAMember)
        {
            await ProxyFleet.WaitAsync(() => Volatile.Read(ref stored) > 60 || load.IsFaulted, "load before", Token);
            await fleet.Members[2].Process.KillAsync();
        }

        await load;
        Assert.Equal("270", await first.GetAsync("n", Token));
        if (!losingAMember) await AssertEqualAsync(fleet, "n");
    }

    [Fact]
    public async Task Appending_through_three_proxies_at_once_keeps_every_part_in_one_order()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token, proxies: 3);
        using var first = await fleet.ConnectAsync(Token);
        await first.LineAsync("set log 0 0 1\r\n-\r\n", Token);
        await AssertEqualAsync(fleet, "log");
        await Task.WhenAll(Enumerable.Range(0, 6).Select(async c =>
        {
            using var client = await fleet.ConnectAsync(Token, proxy: c % 3);
            for (var i = 0; i < 50; i++) Assert.Equal("STORED", await client.LineAsync($"{(i % 2 == 0 ? "append" : "prepend")} log 0 0 1\r\n{c}\r\n", Token));
        }));

        await AssertEqualAsync(fleet, "log");
        var value = await first.GetAsync("log", Token);
        Assert.Equal(301, value!.Length);
        for (var c = 0; c < 6; c++) Assert.Equal(50, value.Count(x => x == '0' + c));
    }

    [Fact]
    public async Task A_pipeline_of_many_kinds_of_writes_to_one_key_keeps_its_order()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token);
        using var client = await fleet.ConnectAsync(Token);
        var round = "set k 0 0 1\r\n1\r\nincr k 8\r\nappend k 0 0 1\r\n1\r\nget k\r\nreplace k 0 0 1\r\n5\r\nprepend k 0 0 1\r\n1\r\ndecr k 2\r\ngat 0 k\r\ndelete k\r\nincr k 1\r\n"
            + "add k 0 0 1\r\na\r\ntouch k 0\r\nget k\r\nflush_all\r\nget k\r\n";
        var answers = "STORED\r\n9\r\nSTORED\r\nVALUE k 0 2\r\n91\r\nEND\r\nSTORED\r\nSTORED\r\n13\r\nVALUE k 0 2\r\n13\r\nEND\r\nDELETED\r\nNOT_FOUND\r\n"
            + "STORED\r\nTOUCHED\r\nVALUE k 0 1\r\na\r\nEND\r\nOK\r\nEND\r\n";
        await client.SendAsync(string.Concat(Enumerable.Repeat(round, 50)), Token);
        Assert.Equal(string.Concat(Enumerable.Repeat(answers, 50)), await client.ReadAsync(answers.Length * 50, Token));
    }

    [Fact]
    public async Task A_tombstone_is_no_item_for_any_command_and_stays_one()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token);
        using var client = await fleet.ConnectAsync(Token);
        await fleet.ApplyAsync(2, m => m with { State = MemberState.Warming, Epoch = 2 }, Token);
        await client.LineAsync("set k 0 0 1\r\n1\r\n", Token);
        Assert.Equal("DELETED", await client.LineAsync("delete k\r\n", Token));
        await AssertEqualAsync(fleet, "k");
        var tombstone = (await fleet.CopyAsync(0, "k", Token)).Split(' ')[3];

        Assert.Equal("NOT_STORED", await client.LineAsync("replace k 0 0 1\r\n2\r\n", Token));
        Assert.Equal("NOT_STORED", await client.LineAsync("append k 0 0 1\r\n2\r\n", Token));
        Assert.Equal("NOT_STORED", await client.LineAsync("prepend k 0 0 1\r\n2\r\n", Token));
        Assert.Equal("NOT_FOUND", await client.LineAsync($"cas k 0 0 1 {tombstone[1..]}\r\n2\r\n", Token));
        Assert.Equal("NOT_FOUND", await client.LineAsync("incr k 1\r\n", Token));
        Assert.Equal("NOT_FOUND", await client.LineAsync("touch k 5\r\n", Token));
        Assert.Equal("NOT_FOUND", await client.LineAsync("touch k -1\r\n", Token));
        Assert.Equal("END", await client.LineAsync("gat 5 k\r\n", Token));
        Assert.Equal("END", await client.LineAsync("gat -1 k\r\n", Token));

        await ProxyFleet.WaitAsync(
            async () => (await fleet.ItemsAsync("k", Token)).All(item => Regex.IsMatch(item, "^HD f0 c[0-9]*[13579] t(600|5..) s0$")),
            "tombstones with their whole hold time", Token);
    }

    [Fact]
    public async Task Touching_changes_the_expiry_in_every_zone_and_the_version_in_none()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token, proxies: 2);
        using var client = await fleet.ConnectAsync(Token);
        await client.LineAsync("set k 0 0 5\r\nhello\r\n", Token);
        await AssertEqualAsync(fleet, "k");
        var gets = await client.AskAsync("gets k\r\n", "END\r\n", Token);
        using var other = await fleet.ConnectAsync(Token, proxy: 1);

        Assert.Equal("TOUCHED", await other.LineAsync("touch k 1000\r\n", Token));
        await ProxyFleet.WaitAsync(async () => (await fleet.ItemsAsync("k", Token)).All(item => Regex.IsMatch(item, " t(1000|9..) ")), "touched", Token);
        Assert.Equal(gets, await other.AskAsync("gats 5000 k\r\n", "END\r\n", Token));
        await ProxyFleet.WaitAsync(async () => (await fleet.ItemsAsync("k", Token)).All(item => Regex.IsMatch(item, " t(5000|49..) ")), "touched", Token);

        await fleet.Members[1].Process.KillAsync();
        await ProxyFleet.WaitAsync(() => !fleet.Status(1, proxy: 1).Reachable, "the loss noticed", Token);
        Assert.Equal(gets, await other.AskAsync("gats 6000 k\r\n", "END\r\n", Token));
    }

    [Fact]
    public async Task What_is_appended_beyond_the_largest_size_is_refused_and_the_item_stays()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token);
        using var client = await fleet.ConnectAsync(Token);
        var (item, more) = (new string('x', 1000 << 10), new string('y', 100 << 10));
        await client.LineAsync($"set k 0 0 {item.Length}\r\n{item}\r\n", Token);
        Assert.Equal("NOT_STORED", await client.LineAsync($"append k 0 0 {more.Length}\r\n{more}\r\n", Token));
        Assert.Equal(item, await client.GetAsync("k", Token));
        await AssertEqualAsync(fleet, "k");
    }

    [Fact]
    public async Task What_the_primary_cannot_store_no_zone_keeps()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token, settings: s => s with { MaxItemSize = 2 << 20 });
        using var client = await fleet.ConnectAsync(Token);
        await client.LineAsync("set k 0 0 1\r\nx\r\n", Token);
        var large = new string('x', (1 << 20) + 1);
        Assert.Equal("SERVER_ERROR object too large for cache", await client.LineAsync($"replace k 0 0 {large.Length}\r\n{large}\r\n", Token));
        await ProxyFleet.WaitAsync(async () => (await fleet.ItemsAsync("k", Token)).All(item => item == "EN"), "no item anywhere", Token);
    }

    // A set is answered by a majority: before another proxy goes on with the key, the last zone must have it too.
    private static Task AssertEqualAsync(ProxyFleet fleet, string key) => ProxyFleet.WaitAsync(
        async () => (await fleet.CopiesAsync(key, Token)).Select(Roughly).Distinct().Count() == 1, $"{key} the same in all zones", Token);

    // memcacheds count whole seconds, each from its own start.
    private static string Roughly(string copy) =>
        System.Text.RegularExpressions.Regex.Replace(copy, " t([0-9]+)\r\n", m => $" t{(int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture) + 5) / 10}\r\n");
}
