using CacheOperator.Topology;

namespace CacheOperator.Integration.Tests.Proxy;

public sealed class ReplicationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_set_reaches_every_zone_with_one_version_flags_and_expiry()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token, document: d => d with { Replication = new ReplicationSettings { WriteAck = WriteAck.All } });
        using var client = await fleet.ConnectAsync(Token);

        Assert.Equal("STORED", await client.LineAsync("set k 42 100 5\r\nhello\r\n", Token));

        var gets = await client.AskAsync("gets k\r\n", "END\r\n", Token);
        var version = gets.Split(' ', '\r')[4];
        for (var i = 0; i < 3; i++) Assert.Matches($"^HD f42 c{version} t(100|99) s5$", await fleet.ItemAsync(i, "k", Token));
    }

    [Theory]
    [InlineData(WriteAck.Majority)]
    [InlineData(WriteAck.All)]
    [InlineData(WriteAck.Local)]
    public async Task A_write_is_seen_by_the_next_command_under_every_policy(WriteAck policy)
    {
        await using var fleet = await ProxyFleet.StartAsync(Token, document: d => d with { Replication = new ReplicationSettings { WriteAck = policy } });
        using var client = await fleet.ConnectAsync(Token);
        for (var i = 0; i < 50; i++)
        {
            Assert.Equal("STORED", await client.LineAsync($"set k 0 0 2\r\n{i:00}\r\n", Token));
            Assert.Equal($"{i:00}", await client.GetAsync("k", Token));
            Assert.Equal("DELETED", await client.LineAsync("delete k\r\n", Token));
            Assert.Equal("NOT_FOUND", await client.LineAsync("delete k\r\n", Token));
            Assert.Null(await client.GetAsync("k", Token));
        }
    }

    [Theory]
    [InlineData("set k 0 0 1 noreply\r\n2\r\n")]
    [InlineData("add other 0 0 1 noreply\r\n2\r\n")]
    [InlineData("incr k 1 noreply\r\n")]
    [InlineData("touch k 100 noreply\r\n")]
    [InlineData("delete k noreply\r\n")]
    [InlineData("flush_all noreply\r\n")]
    public async Task Any_answer_tells_that_the_writes_before_it_are_acknowledged(string write)
    {
        await using var fleet = await ProxyFleet.StartAsync(
            Token, document: d => d with { Replication = new ReplicationSettings { WriteAck = WriteAck.All } }, settings: s => s with { MemberTimeout = 20_000 });
        using var client = await fleet.ConnectAsync(Token);
        using var other = await fleet.ConnectAsync(Token);
        Assert.Equal("STORED", await client.LineAsync("set k 0 0 1\r\n1\r\n", Token));
        var begun = fleet.Proxy.Workers[0].Metrics.Writes;

        await fleet.Members[2].Process.SignalAsync("STOP", Token);
        var answer = client.LineAsync($"{write}mn\r\n", Token);
        await ProxyFleet.WaitAsync(() => fleet.Proxy.Workers[0].Metrics.Writes > begun, "under way", Token);
        Assert.Equal("MN", await other.LineAsync("mn\r\n", Token));
        Assert.False(answer.IsCompleted);
        await fleet.Members[2].Process.SignalAsync("CONT", Token);

        Assert.Equal("MN", await answer);
        Assert.Equal(await fleet.CopyAsync(0, "k", Token), await fleet.CopyAsync(2, "k", Token));
    }

    [Fact]
    public async Task Of_many_clients_that_add_one_key_through_several_proxies_exactly_one_succeeds()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token, proxies: 3);
        for (var round = 0; round < 30; round++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 9).Select(async i =>
            {
                using var client = await fleet.ConnectAsync(Token, proxy: i % 3);
                return await client.LineAsync($"add lock-{round} 0 0 1\r\n{i}\r\n", Token);
            }));

            Assert.Equal(1, answers.Count(a => a == "STORED"));
            Assert.Equal(8, answers.Count(a => a == "NOT_STORED"));
            await ProxyFleet.WaitAsync(async () => (await fleet.ItemsAsync($"lock-{round}", Token)).Distinct().Count() == 1, "the same item in all zones", Token);
        }
    }

    [Theory]
    [InlineData("delete k\r\n", "DELETED\r\n")]
    [InlineData("md k\r\n", "HD\r\n")]
    public async Task As_many_deletes_say_that_they_found_the_item_as_there_were_items(string delete, string found)
    {
        const int Commands = 100;
        await using var fleet = await ProxyFleet.StartAsync(Token, proxies: 3);
        var clients = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => fleet.ConnectAsync(Token, proxy: i % 3)));
        int stored = 0, deleted = 0;
        for (var round = 0; round < 100; round++)
        {
            var answers = await Task.WhenAll(clients.Select(async (client, i) =>
            {
                var random = new Random((round * clients.Length) + i);
                var pipeline = Enumerable.Range(0, Commands).Select(_ => random.Next(2) == 0 ? "add k 0 0 1\r\nx\r\n" : delete);
                return await client.AskAsync(string.Concat(pipeline) + "mn\r\n", "MN\r\n", Token);
            }));
            stored += answers.Sum(a => a.Split("\r\n").Count(line => line == "STORED"));
            deleted += answers.Sum(a => a.Split("\r\n").Count(line => line == found.TrimEnd()));
        }

        deleted += await clients[0].LineAsync(delete, Token) == found.TrimEnd() ? 1 : 0;
        Assert.Equal(stored, deleted);
        Array.ForEach(clients, c => c.Dispose());
    }

    [Fact]
    public async Task While_a_member_warms_up_deletes_leave_tombstones_that_clients_do_not_see()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token);
        using var client = await fleet.ConnectAsync(Token);
        await client.LineAsync("set k 0 0 1\r\nx\r\n", Token);
        await fleet.ApplyAsync(2, m => m with { State = MemberState.Warming, Epoch = 2 }, Token);

        Assert.Equal("DELETED", await client.LineAsync("delete k\r\n", Token));

        Assert.Null(await client.GetAsync("k", Token));
        Assert.Equal("NOT_FOUND", await client.LineAsync("delete k\r\n", Token));
        await ProxyFleet.WaitAsync(async () => (await fleet.ItemsAsync("k", Token)).All(item => item.StartsWith("HD", StringComparison.Ordinal) && item.EndsWith(" s0", StringComparison.Ordinal)), "tombstones everywhere", Token);
        Assert.Equal("STORED", await client.LineAsync("add k 0 0 3\r\nnew\r\n", Token));
        Assert.Equal("new", await client.GetAsync("k", Token));
        await ProxyFleet.WaitAsync(async () => (await fleet.ItemsAsync("k", Token)).All(item => item.EndsWith(" s3", StringComparison.Ordinal)), "the new item everywhere", Token);
        Assert.Single((await fleet.ItemsAsync("k", Token)).Distinct());
    }

    [Fact]
    public async Task A_tombstone_does_not_count_as_found_when_all_replicas_are_ready_again()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token);
        using var client = await fleet.ConnectAsync(Token);
        await fleet.ApplyAsync(2, m => m with { State = MemberState.Warming, Epoch = 2 }, Token);
        await client.LineAsync("delete k\r\n", Token);
        await fleet.ApplyAsync(2, m => m with { State = MemberState.Ready }, Token);

        Assert.Equal("NOT_FOUND", await client.LineAsync("delete k\r\n", Token));
        await ProxyFleet.WaitAsync(async () => (await fleet.ItemsAsync("k", Token)).All(item => item == "EN"), "no tombstone left", Token);
    }

    [Fact]
    public async Task A_warming_member_gets_writes_but_no_reads()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token);
        using var client = await fleet.ConnectAsync(Token);
        await client.LineAsync("set before 0 0 1\r\nx\r\n", Token);
        await fleet.ApplyAsync(0, m => m with { State = MemberState.Warming, Epoch = 2 }, Token);
        using (var member = await RawClient.ConnectAsync(fleet.Members[0].EndPoint, Token)) await member.LineAsync("flush_all\r\n", Token);

        Assert.Equal("x", await client.GetAsync("before", Token));
        Assert.Equal("STORED", await client.LineAsync("set after 0 0 1\r\ny\r\n", Token));

        await ProxyFleet.WaitAsync(async () => (await fleet.ItemsAsync("after", Token)).Distinct().Count() == 1, "the write in all zones", Token);
        Assert.Equal("EN", await fleet.ItemAsync(0, "before", Token));
        Assert.Equal(0, fleet.Status(0).MissedWrites);
    }

    [Fact]
    public async Task A_set_that_is_too_large_leaves_the_old_value_nowhere()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token, settings: s => s with { MaxItemSize = 2 << 20 });
        using var client = await fleet.ConnectAsync(Token);

        // The first is refused by the proxy, the second by the members (-I 1m).
        foreach (var size in new[] { (2 << 20) + 1, (1 << 20) + 1 })
        {
            Assert.Equal("STORED", await client.LineAsync("set k 0 0 3\r\nold\r\n", Token));
            Assert.Equal("SERVER_ERROR object too large for cache", await client.LineAsync($"set k 0 0 {size}\r\n{new string('x', size)}\r\n", Token));
            Assert.Null(await client.GetAsync("k", Token));
            await ProxyFleet.WaitAsync(async () => (await fleet.ItemsAsync("k", Token)).All(item => item == "EN"), "no item anywhere", Token);
        }
    }

    [Theory]
    [InlineData(-1, "^EN$")]
    [InlineData(0, "^HD f0 c[0-9]+ t-1 s1$")]
    [InlineData(2_592_000, "^HD f0 c[0-9]+ t2592000 s1$")]
    [InlineData(2_592_001, "^EN$")]
    public async Task Expiry_means_in_every_zone_what_memcached_says(int exptime, string pattern)
    {
        await using var fleet = await ProxyFleet.StartAsync(Token);
        using var client = await fleet.ConnectAsync(Token);

        Assert.Equal("STORED", await client.LineAsync($"set k 0 {exptime} 1\r\nx\r\n", Token));

        await ProxyFleet.WaitAsync(async () => (await fleet.ItemsAsync("k", Token)).All(item => System.Text.RegularExpressions.Regex.IsMatch(item, pattern)), $"{pattern} everywhere", Token);
    }

    [Fact]
    public async Task An_absolute_expiry_far_away_is_kept()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token);
        using var client = await fleet.ConnectAsync(Token);
        var left = 60 * 60 * 24 * 60;

        await client.LineAsync($"set k 0 {DateTimeOffset.UtcNow.ToUnixTimeSeconds() + left} 1\r\nx\r\n", Token);

        await ProxyFleet.WaitAsync(async () => (await fleet.ItemsAsync("k", Token)).All(i => i.StartsWith("HD", StringComparison.Ordinal)), "the item everywhere", Token);
        foreach (var item in await fleet.ItemsAsync("k", Token)) Assert.InRange(int.Parse(item.Split(' ')[3][1..]), left - 300, left + 2);
    }

    [Fact]
    public async Task On_a_miss_other_zones_are_asked_and_the_item_is_added_at_home()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token, document: d => d with { Replication = new ReplicationSettings { ReadFallback = ReadFallback.OnMiss } });
        using var client = await fleet.ConnectAsync(Token);
        await client.LineAsync("set k 7 5000000 5\r\nhello\r\n", Token);
        await client.LineAsync($"set k 7 {DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 5_000_000} 5\r\nhello\r\n", Token);
        await ProxyFleet.WaitAsync(async () => (await fleet.ItemsAsync("k", Token)).Distinct().Count() <= 2 && (await fleet.ItemsAsync("k", Token)).All(i => i.StartsWith("HD", StringComparison.Ordinal)), "the item everywhere", Token);
        using (var member = await RawClient.ConnectAsync(fleet.Members[0].EndPoint, Token)) await member.LineAsync("md k\r\n", Token);

        Assert.Equal("hello", await client.GetAsync("k", Token));

        await ProxyFleet.WaitAsync(async () => (await fleet.ItemsAsync("k", Token))[0].StartsWith("HD f7", StringComparison.Ordinal), "the item at home", Token);
        Assert.Equal((await fleet.ItemsAsync("k", Token))[1].Split(' ')[2], (await fleet.ItemsAsync("k", Token))[0].Split(' ')[2]);
        Assert.InRange(int.Parse((await fleet.ItemsAsync("k", Token))[0].Split(' ')[3][1..]), 4_999_900, 5_000_003); // memcached counts whole seconds
        Assert.Equal("DELETED", await client.LineAsync("delete k\r\n", Token));
        Assert.Null(await client.GetAsync("k", Token));
    }

    /// <summary>The one that has it may have missed, through another proxy, a newer item that has expired since.</summary>
    [Fact]
    public async Task What_only_one_other_zone_holds_is_not_added_at_home()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token, document: d => d with { Replication = new ReplicationSettings { ReadFallback = ReadFallback.OnMiss } });
        using var client = await fleet.ConnectAsync(Token);
        using var home = await RawClient.ConnectAsync(fleet.Members[0].EndPoint, Token);
        using (var second = await RawClient.ConnectAsync(fleet.Members[1].EndPoint, Token)) await second.LineAsync("ms k 3 E1000\r\nold\r\n", Token);
        using var third = await RawClient.ConnectAsync(fleet.Members[2].EndPoint, Token);

        Assert.Equal("old", await client.GetAsync("k", Token));

        await ProxyFleet.WaitAsync(async () => (await third.StatsAsync(Token))["get_misses"] != "0", "the third zone was asked as well", Token);
        for (var i = 0; i < 20; i++) Assert.Equal("old", await client.GetAsync("k", Token));
        Assert.Equal("EN", await home.LineAsync("mg k\r\n", Token));
    }

    [Fact]
    public async Task A_miss_is_a_miss_unless_other_zones_are_to_be_asked()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token);
        using var client = await fleet.ConnectAsync(Token);
        await client.LineAsync("set k 0 0 1\r\nx\r\n", Token);
        using (var member = await RawClient.ConnectAsync(fleet.Members[0].EndPoint, Token)) await member.LineAsync("md k\r\n", Token);
        Assert.Null(await client.GetAsync("k", Token));
    }

    /// <summary>It gets the write after the others; by then it may be Ready, and nearer than they are.</summary>
    [Fact]
    public async Task A_client_reads_what_it_has_written_from_a_member_that_has_just_become_Ready()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token, relayed: [(0, 1)], document: d => d with { Members = [.. d.Members.Select((m, i) => i == 0 ? m with { State = MemberState.Warming } : m)] });
        using var client = await fleet.ConnectAsync(Token);
        await client.LineAsync("set k 0 0 3\r\nold\r\n", Token);
        await ProxyFleet.WaitAsync(async () => (await fleet.ItemsAsync("k", Token)).All(item => item.StartsWith("HD", StringComparison.Ordinal)), "the old item everywhere", Token);
        fleet.RelayOf(0, 1).Latency = TimeSpan.FromMilliseconds(200);

        await client.SendAsync("set k 0 0 5\r\nnewer\r\n", Token);
        await ProxyFleet.WaitAsync(async () => (await fleet.ItemAsync(2, "k", Token)).Contains("s5", StringComparison.Ordinal), "the write is under way", Token);
        var applied = fleet.ApplyAsync(0, m => m with { State = MemberState.Ready }, Token);
        await client.SendAsync("get k\r\n", Token);

        Assert.Equal("STORED\r\nVALUE k 0 5\r\nnewer\r\nEND\r\n", await client.ReadUntilAsync("END\r\n", Token));
        await applied;
    }
}
