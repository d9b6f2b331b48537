using System.Diagnostics;
using System.Globalization;
using System.Text;
using CacheOperator.Topology;

namespace CacheOperator.Integration.Tests.Proxy;

public sealed class MemberFailureTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_member_killed_under_pipelined_load_causes_no_error_and_no_wrong_reply(int victim)
    {
        await using var fleet = await ProxyFleet.StartAsync(Token, document: d => d with { Replication = new ReplicationSettings { WriteAck = WriteAck.All } });
        const int Keys = 500;
        using (var loader = await fleet.ConnectAsync(Token))
        {
            for (var i = 0; i < Keys; i++) Assert.Equal("STORED", await loader.LineAsync($"set key-{i} {i} 0 9\r\nvalue-{i:000}\r\n", Token));
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var rounds = 0;
        var clients = Enumerable.Range(0, 8).Select(c => Task.Run(async () =>
        {
            using var client = await fleet.ConnectAsync(Token);
            var random = new Random(c);
            while (!stop.IsCancellationRequested)
            {
                var script = new StringBuilder();
                var expected = new StringBuilder();
                for (var i = 0; i < 64; i++)
                {
                    var key = random.Next(Keys);
                    if (random.Next(4) == 0)
                    {
                        script.Append($"set key-{key} {key} 0 9\r\nvalue-{key:000}\r\n");
                        expected.Append("STORED\r\n");
                    }
                    else
                    {
                        script.Append($"get key-{key} none key-{key}\r\n");
                        var item = $"VALUE key-{key} {key} 9\r\nvalue-{key:000}\r\n";
                        expected.Append($"{item}{item}END\r\n");
                    }
                }

                await client.SendAsync(script.ToString(), Token);
                Assert.Equal(expected.ToString(), await client.ReadAsync(expected.Length, Token));
                Interlocked.Increment(ref rounds);
            }
        }, Token)).ToArray();

        await ProxyFleet.WaitAsync(() => Volatile.Read(ref rounds) > 20 || clients.Any(c => c.IsFaulted), "load before", Token);
        await fleet.Members[victim].Process.KillAsync();
        var killedAt = Volatile.Read(ref rounds);
        await ProxyFleet.WaitAsync(() => !fleet.Status(victim).Reachable, "the loss noticed", Token);
        await ProxyFleet.WaitAsync(() => Volatile.Read(ref rounds) > killedAt + 40 || clients.Any(c => c.IsFaulted), "load after", Token);
        await stop.CancelAsync();
        await Task.WhenAll(clients);

        Assert.True(fleet.Status(victim) is { MissedWrites: > 0 } or { Hints: > 0 });
        Assert.False(fleet.Status(victim).ServesReads);
        Assert.Equal(0, fleet.Proxy.Reporter.Status().Traffic.Errors);
    }

    [Fact]
    public async Task A_member_that_stands_still_does_not_hold_up_reads()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token, settings: s => s with { MemberTimeout = 100_000, HedgeDelay = 50 });
        using var client = await fleet.ConnectAsync(Token);
        await client.LineAsync("set k 0 0 1\r\nx\r\n", Token);
        await fleet.Members[0].Process.SignalAsync("STOP", Token);

        // The first waits for the hedging delay, the others do not ask the slow member at all.
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < 20; i++) Assert.Equal("x", await client.GetAsync("k", Token));

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(50), $"{watch.Elapsed}");
        Assert.True(fleet.Status(0).Reachable);
        await fleet.Members[0].Process.SignalAsync("CONT", Token);
    }

    [Fact]
    public async Task A_member_that_answers_late_but_steadily_is_not_relieved_by_asking_everything_twice()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token, settings: s => s with { MemberTimeout = 30_000, HedgeDelay = 1500 });
        await using var relay = new Relay(fleet.Members[0].EndPoint, latency: TimeSpan.FromSeconds(1));
        using var client = await fleet.ConnectAsync(Token);
        using var other = await RawClient.ConnectAsync(fleet.Members[1].EndPoint, Token);
        await client.LineAsync("set k 0 0 1\r\nx\r\n", Token);
        await fleet.ApplyAsync(0, m => m with { Address = relay.EndPoint.ToString(), Epoch = 2 }, Token);
        await ProxyFleet.WaitAsync(() => fleet.Status(0).Reachable, "reached by the relay", Token);
        var before = long.Parse((await other.StatsAsync(Token))["cmd_get"], CultureInfo.InvariantCulture);

        // Each takes two seconds, longer than the delay, but from then on something arrives all the time: only what was sent
        // in the first half second is asked for twice.
        const int Reads = 300;
        for (var i = 0; i < Reads; i++)
        {
            await client.SendAsync("get k\r\n", Token);
            await Task.Delay(10, Token);
        }

        const string Reply = "VALUE k 0 1\r\nx\r\nEND\r\n";
        Assert.Equal(string.Concat(Enumerable.Repeat(Reply, Reads)), await client.ReadAsync(Reads * Reply.Length, Token));
        var hedged = long.Parse((await other.StatsAsync(Token))["cmd_get"], CultureInfo.InvariantCulture) - before;
        Assert.InRange(hedged, 1, Reads / 2);
    }

    [Fact]
    public async Task A_member_that_stands_still_is_given_up_after_the_timeout_and_taken_back_when_it_goes_on()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token, settings: s => s with { MemberTimeout = 1500, HedgeDelay = 500 });
        using var client = await fleet.ConnectAsync(Token);
        await fleet.Members[2].Process.SignalAsync("STOP", Token);

        Assert.Equal("STORED", await client.LineAsync("set k 0 0 1\r\nx\r\n", Token));
        await ProxyFleet.WaitAsync(() => fleet.Status(2) is { Reachable: false, Hints: 1 }, "given up", Token);
        await fleet.Members[2].Process.SignalAsync("CONT", Token);
        await ProxyFleet.WaitAsync(() => fleet.Status(2) is { Reachable: true, ServesReads: true, Hints: 0 }, "taken back", Token);

        Assert.Equal(0, fleet.Status(2).MissedWrites);
        Assert.StartsWith("HD", await fleet.ItemAsync(2, "k", Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_member_restarted_in_place_is_not_read_until_the_topology_names_its_new_process()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token);
        using var client = await fleet.ConnectAsync(Token);
        await client.LineAsync("set k 0 0 1\r\nx\r\n", Token);
        var before = fleet.Status(0).Incarnation;

        await fleet.Members[0].RestartAsync(Token);
        await ProxyFleet.WaitAsync(() => fleet.Status(0) is { Reachable: true } s && s.Incarnation != before, "the new process met", Token);

        Assert.False(fleet.Status(0).ServesReads);
        Assert.Equal("x", await client.GetAsync("k", Token));
        Assert.Equal("STORED", await client.LineAsync("set new 0 0 1\r\ny\r\n", Token));
        await ProxyFleet.WaitAsync(async () => (await fleet.ItemAsync(0, "new", Token)).StartsWith("HD", StringComparison.Ordinal), "writes go on", Token);

        await fleet.ApplyAsync(0, m => m with { Incarnation = fleet.Status(0).Incarnation, Epoch = 2, State = MemberState.Warming }, Token);
        Assert.Equal("x", await client.GetAsync("k", Token));
        await fleet.ApplyAsync(0, m => m with { State = MemberState.Ready }, Token);
        Assert.True(fleet.Status(0).ServesReads);
        Assert.Null(await client.GetAsync("k", Token));
    }

    [Fact]
    public async Task A_member_that_missed_a_write_for_good_is_not_read_until_a_new_epoch()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token, settings: s => s with { MemberTimeout = 2000, MaxHints = 0 });
        using var client = await fleet.ConnectAsync(Token);
        await client.LineAsync("set k 0 0 3\r\nold\r\n", Token);
        await ProxyFleet.WaitAsync(async () => (await fleet.ItemAsync(0, "k", Token)).StartsWith("HD", StringComparison.Ordinal), "the item at home", Token);
        await fleet.Members[0].Process.SignalAsync("STOP", Token);

        Assert.Equal("STORED", await client.LineAsync("set k 0 0 3\r\nnew\r\n", Token));
        await fleet.Members[0].Process.SignalAsync("CONT", Token);
        await ProxyFleet.WaitAsync(() => fleet.Status(0) is { Reachable: true, MissedWrites: > 0 }, "back with a gap", Token);

        Assert.Equal("new", await client.GetAsync("k", Token));
        Assert.False(fleet.Status(0).ServesReads);
        await fleet.ApplyAsync(0, m => m with { Epoch = 2 }, Token);
        Assert.True(fleet.Status(0).ServesReads);
        Assert.Equal(0, fleet.Status(0).MissedWrites);
    }

    [Fact]
    public async Task A_delete_while_a_member_is_lost_leaves_tombstones_on_the_others()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token);
        using var client = await fleet.ConnectAsync(Token);
        await client.LineAsync("set k 0 0 1\r\nx\r\n", Token);
        await fleet.Members[2].Process.KillAsync();
        await ProxyFleet.WaitAsync(() => !fleet.Status(2).Reachable, "the loss noticed", Token);

        Assert.Equal("DELETED", await client.LineAsync("delete k\r\n", Token));

        Assert.Null(await client.GetAsync("k", Token));
        foreach (var member in new[] { 0, 1 }) Assert.Matches("^HD f0 c[0-9]*[13579] t(600|5..) s0$", await fleet.ItemAsync(member, "k", Token));
        Assert.Equal(1, fleet.Status(2).Hints);
    }

    [Fact]
    public async Task A_delete_that_a_member_misses_takes_away_what_comes_back_elsewhere_meanwhile()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token, settings: s => s with { MemberTimeout = 1500, HedgeDelay = 500 });
        using var client = await fleet.ConnectAsync(Token);
        await client.LineAsync("set k 0 0 1\r\nx\r\n", Token);
        await ProxyFleet.WaitAsync(async () => (await fleet.ItemsAsync("k", Token)).All(item => item.StartsWith("HD", StringComparison.Ordinal)), "the item", Token);
        await fleet.Members[2].Process.SignalAsync("STOP", Token);
        Assert.Equal("DELETED", await client.LineAsync("delete k\r\n", Token));

        // A copy that was on its way.
        using (var member = await fleet.ConnectToMemberAsync(1, Token)) Assert.Equal("HD", await member.LineAsync("ms k 1 E8\r\nx\r\n", Token));
        await ProxyFleet.WaitAsync(() => fleet.Status(2).Hints == 1, "given up", Token);

        foreach (var member in new[] { 0, 1 })
            await ProxyFleet.WaitAsync(async () => (await fleet.ItemAsync(member, "k", Token)).EndsWith(" s0", StringComparison.Ordinal), $"a tombstone on {member}", Token);
        Assert.Null(await client.GetAsync("k", Token));
        await fleet.Members[2].Process.SignalAsync("CONT", Token);
    }

    [Fact]
    public async Task The_last_replica_is_read_even_if_it_missed_writes()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token, settings: s => s with { MemberTimeout = 2000, MaxHints = 0 });
        using var client = await fleet.ConnectAsync(Token);
        await client.LineAsync("set k 0 0 1\r\nx\r\n", Token);
        await ProxyFleet.WaitAsync(async () => (await fleet.ItemAsync(0, "k", Token)).StartsWith("HD", StringComparison.Ordinal), "the item at home", Token);
        await fleet.Members[0].Process.SignalAsync("STOP", Token);
        await client.LineAsync("set other 0 0 1\r\nx\r\n", Token);
        await fleet.Members[0].Process.SignalAsync("CONT", Token);
        await ProxyFleet.WaitAsync(() => fleet.Status(0) is { Reachable: true, MissedWrites: > 0 }, "back with a gap", Token);

        await fleet.ApplyAsync(d => d with { Members = [d.Members[0]] }, Token);

        Assert.Equal("x", await client.GetAsync("k", Token));
        Assert.True(fleet.Status(0).ServesReads);
    }

    [Fact]
    public async Task Without_any_replica_there_is_an_error_and_service_resumes_by_itself()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token);
        using var client = await fleet.ConnectAsync(Token);
        await fleet.ApplyAsync(d => d with { Members = [d.Members[0]] }, Token);
        await fleet.Members[0].Process.KillAsync();
        await ProxyFleet.WaitAsync(() => !fleet.Status(0).Reachable, "the loss noticed", Token);

        const string Error = "SERVER_ERROR no replica of this key answers";
        Assert.Equal(Error, await client.LineAsync("get a b c\r\n", Token));
        Assert.Equal(Error, await client.LineAsync("set a 0 0 1\r\nx\r\n", Token));
        Assert.Equal(Error, await client.LineAsync("add a 0 0 1\r\nx\r\n", Token));
        Assert.Equal(Error, await client.LineAsync("delete a\r\n", Token));
        Assert.Equal("no member can be read", fleet.Proxy.Reporter.NotReadyReason());

        // Nothing was missed: no replica has what this one lacks.
        Assert.Equal(0, fleet.Status(0).MissedWrites);
        await fleet.Members[0].RestartAsync(Token);
        await ProxyFleet.WaitAsync(() => fleet.Status(0).Reachable, "back", Token);
        await fleet.ApplyAsync(0, m => m with { Incarnation = fleet.Status(0).Incarnation, Epoch = 2 }, Token);
        Assert.Equal("STORED", await client.LineAsync("set a 0 0 1\r\nx\r\n", Token));
    }

    [Fact]
    public async Task Clients_wait_for_a_member_that_takes_its_writes_slowly_instead_of_making_it_miss_them()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token, settings: s => s with { MemberTimeout = 20_000, MaxMemberBacklog = 2 << 20, MaxClientBacklog = 8 << 20 });
        await fleet.Members[2].Process.SignalAsync("STOP", Token);
        var value = new string('x', 100_000);
        var clients = Enumerable.Range(0, 4).Select(async c =>
        {
            using var client = await fleet.ConnectAsync(Token);
            await client.SendAsync(string.Concat(Enumerable.Range(0, 100).Select(i => $"set k-{c}-{i} 0 0 {value.Length}\r\n{value}\r\n")), Token);
            return await client.ReadAsync(100 * "STORED\r\n".Length, Token);
        }).ToList();

        // 40 MB are sent; the member that stands still holds the others back long before that.
        await ProxyFleet.WaitAsync(() => fleet.Proxy.Reporter.Status().Traffic.Writes > 10, "writes under way", Token);
        await fleet.Members[2].Process.SignalAsync("CONT", Token);

        foreach (var answers in await Task.WhenAll(clients)) Assert.Equal(string.Concat(Enumerable.Repeat("STORED\r\n", 100)), answers);
        Assert.All(fleet.Proxy.Reporter.Status().Members, m => Assert.Equal(0, m.MissedWrites));
    }
}
