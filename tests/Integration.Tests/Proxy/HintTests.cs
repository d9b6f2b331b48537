using System.Text;
using CacheOperator.Topology;

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
        Assert.Matches("t(5000|4999|499[0-9])", await fleet.ItemAsync(0, "touched", Token));
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

    [Theory]
    [InlineData(10, 1 << 20)]
    [InlineData(1000, 1100)]
    public async Task More_than_the_bound_counts_as_missed_for_good(int keys, long bytes)
    {
        await using var fleet = await StartAsync(settings: s => s with { MaxHints = keys, MaxHintBytes = bytes });
        using var client = await fleet.ConnectAsync(Token);
        await CutAsync(fleet);
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < 10; i++) await client.LineAsync($"set key-{i} 0 0 1\r\nx\r\n", Token);
        }

        Assert.Equal((10, 0), (fleet.Status(0).Hints, fleet.Status(0).MissedWrites));
        await client.LineAsync("set key-10 0 0 1\r\nx\r\n", Token);

        Assert.Equal((0, 11), (fleet.Status(0).Hints, fleet.Status(0).MissedWrites));
        fleet.RelayOf(0, 0).Heal();
        await ProxyFleet.WaitAsync(() => fleet.Status(0).Reachable, "reached again", Token);
        Assert.False(fleet.Status(0).ServesReads);
        await fleet.ApplyAsync(0, m => m with { Epoch = 2 }, Token);
        Assert.True(fleet.Status(0).ServesReads);
    }

    [Fact]
    public async Task Absence_for_longer_than_the_window_counts_as_missed_for_good()
    {
        await using var fleet = await StartAsync(settings: s => s with { HintWindow = TimeSpan.FromSeconds(1) });
        using var client = await fleet.ConnectAsync(Token);
        await CutAsync(fleet);
        await client.LineAsync("set k 0 0 1\r\nx\r\n", Token);

        await ProxyFleet.WaitAsync(() => fleet.Status(0) is { Hints: 0, MissedWrites: 1 }, "given up", Token);

        fleet.RelayOf(0, 0).Heal();
        await ProxyFleet.WaitAsync(() => fleet.Status(0).Reachable, "reached again", Token);
        Assert.False(fleet.Status(0).ServesReads);
    }

    [Fact]
    public async Task A_flush_is_too_much_to_remember()
    {
        await using var fleet = await StartAsync();
        using var client = await fleet.ConnectAsync(Token);
        await CutAsync(fleet);

        Assert.Equal("OK", await client.LineAsync("flush_all\r\n", Token));

        Assert.Equal((0, 1), (fleet.Status(0).Hints, fleet.Status(0).MissedWrites));
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
    public async Task What_a_frozen_member_executes_late_does_not_stay()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token, settings: s => s with { MemberTimeout = 500, HedgeDelay = 100, MaxClientBacklog = 64 << 20 });
        using var client = await fleet.ConnectAsync(Token);
        var ballast = new string('x', 100_000);
        for (var round = 0; round < 5; round++)
        {
            // What stands in the connection that is given up takes the member longer than a new connection does.
            await fleet.Members[2].Process.SignalAsync("STOP", Token);
            var script = new StringBuilder();
            for (var i = 0; i < 20; i++) script.Append($"set ballast-{i} 0 0 {ballast.Length} noreply\r\n{ballast}\r\n");
            script.Append($"set k 0 0 5\r\nfirst\r\n");
            Assert.Equal("STORED", await client.LineAsync(script.ToString(), Token));
            await ProxyFleet.WaitAsync(() => fleet.Status(2) is { Reachable: false, Hints: > 0 }, "given up", Token);
            var resumed = fleet.Members[2].Process.SignalAsync("CONT", Token);
            while (!fleet.Status(2).Reachable) Assert.Equal("STORED", await client.LineAsync($"set k 0 0 6\r\nsecond\r\n", Token));
            Assert.Equal("DELETED", await client.LineAsync("delete k\r\n", Token));
            Assert.Equal("STORED", await client.LineAsync("set k 0 0 4\r\nlast\r\n", Token));
            await resumed;

            await ProxyFleet.WaitAsync(() => fleet.Status(2) is { Reachable: true, Hints: 0, ServesReads: true }, "taken back", Token);

            Assert.Equal(0, fleet.Status(2).MissedWrites);
            var onTheOthers = await fleet.CopyAsync(0, "k", Token);
            Assert.Contains("last", onTheOthers, StringComparison.Ordinal);
            Assert.Contains(await fleet.CopyAsync(2, "k", Token), new[] { onTheOthers, "EN\r\n" });
        }
    }

    [Fact]
    public async Task While_a_connection_that_was_given_up_is_still_open_nothing_is_settled()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token, settings: s => s with { MemberTimeout = 500, HedgeDelay = 100 });
        using var client = await fleet.ConnectAsync(Token);
        using var late = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        await late.ConnectAsync(fleet.Members[2].EndPoint, Token);
        var record = fleet.Proxy.Topology.Current!.Members["uid-2"].Record;
        record.Abandon(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, ((System.Net.IPEndPoint)late.LocalEndPoint!).Port));
        await fleet.Members[2].Process.SignalAsync("STOP", Token);
        await client.LineAsync("set k 0 0 5\r\nfirst\r\n", Token);
        await ProxyFleet.WaitAsync(() => fleet.Status(2) is { Reachable: false, Hints: 1 }, "given up", Token);
        await fleet.Members[2].Process.SignalAsync("CONT", Token);
        await ProxyFleet.WaitAsync(() => fleet.Status(2).Reachable && record.Abandoned.Count == 1, "the other one gone", Token);
        Assert.Equal((1, false), (fleet.Status(2).Hints, fleet.Status(2).ServesReads));
        await client.LineAsync("set k 0 0 6\r\nsecond\r\n", Token);
        await ProxyFleet.WaitAsync(() => fleet.CopyAsync(2, "k", Token).Result.Contains("second", StringComparison.Ordinal), "the newer one", Token);

        // The older write is executed after the newer one that was acknowledged.
        await late.SendAsync("ms k 5 E8\r\nfirst\r\n"u8.ToArray(), Token);
        await ProxyFleet.WaitAsync(() => fleet.CopyAsync(2, "k", Token).Result.Contains("first", StringComparison.Ordinal), "the older one", Token);
        late.Close();
        await ProxyFleet.WaitAsync(() => fleet.Status(2) is { Hints: 0, ServesReads: true }, "settled", Token);

        await WaitUntilSameAsync(fleet, "k");
        Assert.Equal("second", await client.GetAsync("k", Token));
    }

    [Fact]
    public async Task A_member_that_is_being_filled_gets_what_it_missed_too()
    {
        await using var fleet = await StartAsync();
        using var client = await fleet.ConnectAsync(Token);
        await fleet.ApplyAsync(0, m => m with { State = MemberState.Warming, Epoch = 2 }, Token);
        await CutAsync(fleet);
        await client.LineAsync("set k 0 0 1\r\nx\r\n", Token);
        await ProxyFleet.WaitAsync(() => fleet.Status(0).Hints == 1, "missed", Token);

        fleet.RelayOf(0, 0).Heal();

        await ProxyFleet.WaitAsync(() => fleet.Status(0).Hints == 0, "settled", Token);
        await WaitUntilSameAsync(fleet, "k");
    }

    [Fact]
    public async Task What_the_source_of_a_copy_missed_is_settled_on_its_target_after_it()
    {
        await using var fleet = await StartAsync();
        using var client = await fleet.ConnectAsync(Token);
        await client.LineAsync("set copied 0 0 1\r\nx\r\n", Token);
        await client.LineAsync("set before 0 0 1\r\nx\r\n", Token);
        await WaitUntilSameAsync(fleet, "copied", "before");
        await CutAsync(fleet);
        Assert.Equal("DELETED", await client.LineAsync("delete before\r\n", Token));
        await fleet.ApplyAsync(
            d => d with
            {
                Members = [.. d.Members.Select((m, i) => i == 2 ? m with { State = MemberState.Warming, Epoch = 2 } : m)],
                Copies = [new CopyAssignment { Id = "1", Proxy = "elsewhere", Source = "uid-0", Target = "uid-2" }],
            },
            Token);
        Assert.Equal("DELETED", await client.LineAsync("delete copied\r\n", Token));
        await ProxyFleet.WaitAsync(() => (fleet.Status(0).Hints, fleet.Status(2).Hints) == (2, 2), "missed by both", Token);

        // What a copy brings that reads what should be gone.
        using (var target = await fleet.ConnectToMemberAsync(2, Token))
        {
            foreach (var key in new[] { "copied", "before" })
            {
                var copy = (await fleet.ItemAsync(0, key, Token)).Split(' ')[2][1..];
                await target.LineAsync($"md {key}\r\n", Token);
                Assert.Equal("HD", await target.LineAsync($"ms {key} 1 E{copy}\r\nx\r\n", Token));
            }
        }

        await HealAsync(fleet);
        await ProxyFleet.WaitAsync(() => fleet.Status(2).Hints == 0, "settled on the target", Token);

        await WaitUntilSameAsync(fleet, "copied", "before");
        Assert.Null(await client.GetAsync("copied", Token));
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

    /// <summary>Proxy 0, in zone a, reaches its own zone's member by a relay.</summary>
    private static Task<ProxyFleet> StartAsync(
        int proxies = 1, Func<CacheOperator.Proxy.Configuration.ProxySettings, CacheOperator.Proxy.Configuration.ProxySettings>? settings = null) =>
        ProxyFleet.StartAsync(Token, proxies, s => (settings?.Invoke(s) ?? s) with { MemberTimeout = 1000, HedgeDelay = 500 }, relayed: [(0, 0)]);

    private static async Task CutAsync(ProxyFleet fleet)
    {
        fleet.RelayOf(0, 0).Cut();
        await ProxyFleet.WaitAsync(() => !fleet.Status(0).Reachable, "the loss noticed", Token);
    }

    private static async Task HealAsync(ProxyFleet fleet)
    {
        fleet.RelayOf(0, 0).Heal();
        await ProxyFleet.WaitAsync(() => fleet.Status(0) is { Reachable: true, Hints: 0, ServesReads: true }, "settled", Token);
    }

    private static string Script(int round, int keys, string value) =>
        string.Concat(Enumerable.Range(0, keys).Select(i => $"set key-{round}-{i} 0 0 {value.Length} noreply\r\n{value}\r\n"));

    private static async Task ConverseAsync(Memcached.RawClient client, params string?[] script)
    {
        for (var i = 0; i < script.Length; i += 2)
        {
            var answer = await client.LineAsync(script[i]!, Token);
            if (script[i + 1] is { } expected) Assert.Equal(expected, answer);
        }
    }

    /// <summary>Every member holds the same under each key, or nothing that a client could see.</summary>
    private static async Task WaitUntilSameAsync(ProxyFleet fleet, params string[] keys)
    {
        foreach (var key in keys)
        {
            await ProxyFleet.WaitAsync(
                () => Enumerable.Range(0, 3).Select(i => Visible(fleet.CopyAsync(i, key, Token).Result)).Distinct().Count() == 1, $"{key} the same everywhere", Token);
        }
    }

    // Without the seconds left, and a tombstone for nothing.
    private static string Visible(string copy)
    {
        var line = copy.Split("\r\n")[0].Split(' ');
        if (line[0] == "EN" || (line[1] == "0" && ulong.Parse(line.First(w => w[0] == 'c')[1..]) % 2 == 1)) return "nothing";
        return string.Join(' ', line.Where(w => w[0] != 't')) + copy[copy.IndexOf('\n', StringComparison.Ordinal)..];
    }
}
