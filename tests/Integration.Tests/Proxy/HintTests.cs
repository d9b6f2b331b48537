using static CacheOperator.Integration.Tests.Proxy.CutOffMember;

namespace CacheOperator.Integration.Tests.Proxy;

/// <summary>What a member misses while one proxy does not reach it.</summary>
public sealed class HintTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_member_that_was_cut_off_gets_what_it_missed_before_it_is_read_again()
    {
        await using var fleet = await StartAsync();
        using var client = await fleet.ConnectAsync(Token);
        await ConverseAsync(
            client,
            "set changed 1 0 3\r\nold\r\n", "STORED",
            "set deleted 1 0 3\r\nold\r\n", "STORED",
            "set touched 1 100 3\r\nold\r\n", "STORED",
            "set counted 1 0 1\r\n7\r\n", "STORED",
            "set appended 1 0 3\r\nold\r\n", "STORED",
            "set untouched 1 0 3\r\nold\r\n", "STORED",
            "set absent 1 0 3\r\nold\r\n", "STORED");
        await WaitUntilSameAsync(fleet, "changed", "deleted", "touched", "counted", "appended", "untouched", "absent");
        await CutAsync(fleet);
        await ConverseAsync(
            client,
            "set changed 2 0 3\r\nnew\r\n", "STORED",
            "delete deleted\r\n", "DELETED",
            "touch touched 5000\r\n", "TOUCHED",
            "incr counted 1\r\n", "8",
            "append appended 0 0 3\r\nnew\r\n", "STORED",
            "set created 3 300 3\r\nnew\r\n", "STORED",
            "add added 3 300 3\r\nnew\r\n", "STORED",
            "set short 3 1 3\r\nnew\r\n", "STORED",
            "ms a2V5IHdpdGggYmxhbmtz 3 b c\r\nnew\r\n", null,
            "delete absent\r\n", "DELETED",
            "set absent 0 0 3\r\nnew\r\n", "STORED",
            "delete absent\r\n", "DELETED");
        Assert.Equal("new", await client.GetAsync("changed", Token));
        Assert.Equal(10, fleet.Status(0).Hints);

        await HealAsync(fleet);

        Assert.Equal("new", await client.GetAsync("changed", Token));
        Assert.Null(await client.GetAsync("deleted", Token));
        Assert.Null(await client.GetAsync("absent", Token));
        Assert.Equal("8", await client.GetAsync("counted", Token));
        Assert.Equal("oldnew", await client.GetAsync("appended", Token));
        Assert.Equal("new", await client.GetAsync("created", Token));
        Assert.Equal(0, fleet.Status(0).MissedWrites);
        await WaitUntilSameAsync(fleet, "changed", "deleted", "touched", "counted", "appended", "untouched", "absent", "created", "added", "a2V5IHdpdGggYmxhbmtz b");
        Assert.Matches("t(5000|49..)", await fleet.ItemAsync(0, "touched", Token));
    }

    [Fact]
    public async Task Meanwhile_nothing_is_read_from_it_and_other_proxies_go_on_with_it()
    {
        await using var fleet = await StartAsync(proxies: 2, settings: s => s with { HintWindow = TimeSpan.FromMinutes(1) });
        using var client = await fleet.ConnectAsync(Token);
        using var other = await fleet.ConnectAsync(Token, proxy: 1);
        await client.LineAsync("set k 0 0 3\r\nold\r\n", Token);
        await CutAsync(fleet);
        await client.LineAsync("set k 0 0 3\r\nnew\r\n", Token);
        await other.LineAsync("set other 0 0 1\r\nx\r\n", Token);
        var reads = fleet.Proxy.Reporter.Status().Traffic.FallbackReads;

        Assert.Equal("new", await client.GetAsync("k", Token));

        Assert.Equal(reads + 1, fleet.Proxy.Reporter.Status().Traffic.FallbackReads);
        Assert.Equal((0, true), (fleet.Status(0, proxy: 1).Hints, fleet.Status(0, proxy: 1).ServesReads));
        Assert.StartsWith("HD", await fleet.ItemAsync(0, "other", Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Writes_of_other_proxies_stand_whenever_they_come()
    {
        const int Keys = 300;
        await using var fleet = await StartAsync(proxies: 2);
        using var client = await fleet.ConnectAsync(Token);
        using var other = await fleet.ConnectAsync(Token, proxy: 1);
        for (var round = 0; round < 4; round++)
        {
            // A third of the keys is there before, a third is new to the member that was away.
            var old = Script(round, Keys / 3 * 2, "old");
            await client.AskAsync(old + "mn\r\n", "MN\r\n", Token);
            await CutAsync(fleet);
            await client.AskAsync(Script(round, Keys, "new") + "mn\r\n", "MN\r\n", Token);
            fleet.RelayOf(0, 0).Heal();

            // One key after the other, while the first proxy settles.
            var random = new Random(round);
            var expected = new Dictionary<string, string?>();
            var last = false;
            for (var pass = 0; !last; pass++)
            {
                last = fleet.Status(0).Hints == 0;
                for (var i = 0; i < Keys; i++)
                {
                    var key = $"key-{round}-{i}";
                    switch (random.Next(4))
                    {
                        case 0:
                            await other.LineAsync($"delete {key}\r\n", Token);
                            expected[key] = null;
                            break;
                        case 1:
                            await other.LineAsync($"set {key} 0 0 5\r\nother\r\n", Token);
                            expected[key] = "other";
                            break;
                    }
                }
            }

            await ProxyFleet.WaitAsync(() => fleet.Status(0) is { Hints: 0, ServesReads: true }, "settled", Token);
            Assert.Equal(0, fleet.Status(0).MissedWrites);
            for (var i = 0; i < Keys; i++)
            {
                var key = $"key-{round}-{i}";
                await WaitUntilSameAsync(fleet, key);
                Assert.Equal(expected.GetValueOrDefault(key, "new"), await client.GetAsync(key, Token));
            }
        }
    }

    [Fact]
    public async Task A_restarted_member_owes_nothing()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token);
        using var client = await fleet.ConnectAsync(Token);
        await fleet.Members[0].Process.KillAsync();
        await ProxyFleet.WaitAsync(() => !fleet.Status(0).Reachable, "the loss noticed", Token);
        await client.LineAsync("set k 0 0 1\r\nx\r\n", Token);
        Assert.Equal(1, fleet.Status(0).Hints);

        await fleet.Members[0].RestartAsync(Token);

        await ProxyFleet.WaitAsync(() => fleet.Status(0) is { Reachable: true, Hints: 0 }, "back", Token);
        Assert.Equal((0, false), (fleet.Status(0).MissedWrites, fleet.Status(0).ServesReads));
    }

    [Fact]
    public async Task A_proxy_that_leaves_settles_first()
    {
        await using var fleet = await StartAsync();
        using (var client = await fleet.ConnectAsync(Token))
        {
            await client.LineAsync("set k 0 0 3\r\nold\r\n", Token);
            await CutAsync(fleet);
            await client.LineAsync("set k 0 0 3\r\nnew\r\n", Token);
        }

        fleet.RelayOf(0, 0).Heal();
        await ProxyFleet.WaitAsync(() => fleet.Status(0).Reachable, "reached again", Token);
        await fleet.Proxy.DrainAsync(Token);

        Assert.Equal(0, fleet.Status(0).Hints);
        await WaitUntilSameAsync(fleet, "k");
    }

    private static string Script(int round, int keys, string value) =>
        string.Concat(Enumerable.Range(0, keys).Select(i => $"set key-{round}-{i} 0 0 {value.Length} noreply\r\n{value}\r\n"));
}
