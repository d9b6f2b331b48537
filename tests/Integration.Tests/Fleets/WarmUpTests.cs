using CacheOperator.Fleet;
using CacheOperator.Integration.Tests.Memcached;
using CacheOperator.Proxy.Routing;
using CacheOperator.Topology;

namespace CacheOperator.Integration.Tests.Fleets;

public sealed class WarmUpTests
{
    private const int Keys = 20_000;

    /// <summary>Makes a copy of all keys take some seconds.</summary>
    private const long SlowBytesPerSecond = 1_500_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_replaced_member_gets_writes_is_filled_and_only_then_read()
    {
        await using var scenario = await FleetScenario.StartAsync(new FleetShape { CopyBytesPerSecond = SlowBytesPerSecond });
        await scenario.LoadAsync(Keys);
        var (neighbour, lost) = (scenario.Fleet.Members[0], scenario.Fleet.Members[1]);
        using var client = await scenario.ConnectAsync(proxy: 1);

        await lost.KillAsync();
        var newcomer = await scenario.Fleet.ReplaceAsync(lost, Token);
        var written = 0;
        await scenario.PlanUntilReadyAsync(newcomer, async () =>
        {
            if (scenario.Entry(newcomer).State != MemberState.Warming)
                return;
            Assert.False((await scenario.StatusAsync(newcomer, proxy: 1)).ServesReads);
            Assert.Equal("STORED", await client.LineAsync($"set during:{written++} 0 0 1\r\nx\r\n", Token));
            Assert.Equal(FleetScenario.ValueOf(7), await client.GetAsync("key:7", Token));
        });

        Assert.True(written > 3, "the copy was over before anything was seen of it");
        Assert.True((await scenario.StatusAsync(newcomer, proxy: 1)).ServesReads);
        await FleetScenario.AssertSameContentsAsync(neighbour, newcomer);
        Assert.Equal(Keys + written, (await FleetScenario.ContentsAsync(newcomer)).Count);

        var before = await GetHitsAsync(newcomer);
        for (var i = 0; i < 50; i++)
            Assert.Equal(FleetScenario.ValueOf(i), await client.GetAsync($"key:{i}", Token));
        Assert.True(await GetHitsAsync(newcomer) >= before + 50, "its zone's proxy does not read from it");
    }

    [Fact]
    public async Task Two_proxies_fill_a_member_from_two_zones()
    {
        await using var scenario = await FleetScenario.StartAsync(new FleetShape { CopyBytesPerSecond = SlowBytesPerSecond });
        await scenario.LoadAsync(Keys);
        var (neighbour, lost) = (scenario.Fleet.Members[0], scenario.Fleet.Members[1]);

        await lost.KillAsync();
        var newcomer = await scenario.Fleet.ReplaceAsync(lost, Token);
        var copiers = new HashSet<(string Proxy, string Copy)>();
        await scenario.PlanUntilReadyAsync(newcomer, async () =>
        {
            foreach (var proxy in await Task.WhenAll(scenario.Fleet.Proxies.Select(proxy => proxy.StatusAsync(Token))))
                copiers.UnionWith(proxy.Copies.Where(copy => copy.Copied > 0).Select(copy => (proxy.Name, copy.Id)));
        });

        await FleetScenario.AssertSameContentsAsync(neighbour, newcomer);
        Assert.Equal((2, 2), (copiers.Select(c => c.Proxy).Distinct().Count(), copiers.Count));

        // Each key once, and some marks of the topology.
        Assert.InRange(await SetsAsync(newcomer), Keys, Keys + 100);
    }

    [Fact]
    public async Task A_member_restarted_in_place_is_never_read_before_it_is_warm_again()
    {
        await using var scenario = await FleetScenario.StartAsync(new FleetShape { CopyBytesPerSecond = SlowBytesPerSecond });
        await scenario.LoadAsync(Keys);
        var member = scenario.Fleet.Members[2];
        var incarnation = scenario.Entry(member).Incarnation;
        using var client = await scenario.ConnectAsync(proxy: 2);
        var key = 0;
        async Task ReadAsync()
        {
            for (var end = key + 100; key < end; key++)
                Assert.Equal(FleetScenario.ValueOf(key % Keys), await client.GetAsync($"key:{key % Keys}", Token));
        }

        await member.RestartInPlaceAsync(Token);
        await scenario.PlanUntilAsync("its restart is noticed", _ => scenario.Entry(member).Incarnation != incarnation, ReadAsync);
        Assert.Equal(MemberState.Warming, scenario.Entry(member).State);
        await scenario.PlanUntilReadyAsync(member, ReadAsync);

        await FleetScenario.AssertSameContentsAsync(scenario.Fleet.Members[0], member);
    }

    [Fact]
    public async Task What_is_deleted_during_the_copy_does_not_come_back()
    {
        await using var scenario = await FleetScenario.StartAsync(new FleetShape { CopyBytesPerSecond = SlowBytesPerSecond });
        await scenario.LoadAsync(Keys);
        var lost = scenario.Fleet.Members[0];
        await lost.KillAsync();
        var newcomer = await scenario.Fleet.ReplaceAsync(lost, Token);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var deleting = Enumerable.Range(0, 3).Select(proxy => DeleteAsync(scenario, proxy, stop.Token)).ToList();

        await scenario.PlanUntilReadyAsync(newcomer);
        await stop.CancelAsync();
        var deleted = (await Task.WhenAll(deleting)).SelectMany(keys => keys).ToHashSet();

        Assert.InRange(deleted.Count, 100, Keys / 2);
        foreach (var member in scenario.Fleet.Members)
            Assert.DoesNotContain((await FleetScenario.ContentsAsync(member)).Keys, deleted.Contains);
        await FleetScenario.AssertSameContentsAsync(scenario.Fleet.Members[1], newcomer);
    }

    [Fact]
    public async Task A_member_that_missed_a_few_writes_is_put_right_and_is_not_filled_anew()
    {
        await using var scenario = await FleetScenario.StartAsync();
        await scenario.LoadAsync(1000);
        var member = scenario.Fleet.Members[0];
        var before = scenario.Entry(member);
        using var client = await scenario.ConnectAsync(proxy: 0);

        await member.FreezeAsync(Token);
        Assert.Equal("STORED", await client.LineAsync("set key:1 0 0 3\r\nnew\r\n", Token));
        Assert.Equal("DELETED", await client.LineAsync("delete key:2\r\n", Token));
        await scenario.PlanUntilAsync("the proxy says what was missed", async _ => (await scenario.StatusAsync(member)).Hints == 2);
        await member.ThawAsync(Token);
        await scenario.PlanUntilAsync("it is made up for", async _ => await scenario.StatusAsync(member) is { Hints: 0, ServesReads: true });

        Assert.Equal(before, scenario.Entry(member));
        Assert.Equal("new", await client.GetAsync("key:1", Token));
        Assert.Null(await client.GetAsync("key:2", Token));
        await FleetScenario.AssertSameContentsAsync(scenario.Fleet.Members[1], member);
    }

    [Fact]
    public async Task A_member_that_missed_writes_for_good_is_reported_not_read_and_healed()
    {
        await using var scenario = await FleetScenario.StartAsync(new FleetShape { ProxyArguments = ["--max-hints", "0"] });
        await scenario.LoadAsync(1000);
        var member = scenario.Fleet.Members[0];
        var epoch = scenario.Entry(member).Epoch;
        using var client = await scenario.ConnectAsync(proxy: 0);

        await member.FreezeAsync(Token);
        Assert.Equal("STORED", await client.LineAsync("set key:1 0 0 3\r\nnew\r\n", Token));
        Assert.Equal("DELETED", await client.LineAsync("delete key:2\r\n", Token));
        await Deadline.UntilAsync("the proxy counts what was missed", Deadline.Patience, async () => (await scenario.StatusAsync(member)).MissedWrites > 0);
        await member.ThawAsync(Token);
        await Deadline.UntilAsync("it is reached again", Deadline.Patience, async () => (await scenario.StatusAsync(member)).Reachable);

        async Task ReadAsync()
        {
            Assert.Equal("new", await client.GetAsync("key:1", Token));
            Assert.Null(await client.GetAsync("key:2", Token));
        }

        await ReadAsync();
        Assert.False((await scenario.StatusAsync(member)).ServesReads);
        await scenario.PlanUntilAsync("it is quarantined", _ => scenario.Entry(member).State == MemberState.Quarantined, ReadAsync);
        await scenario.PlanUntilReadyAsync(member, ReadAsync);

        Assert.True(scenario.Entry(member).Epoch > epoch);

        // Of its thousand items none was copied that it had already.
        Assert.InRange(await SetsAsync(member), 1000, 1100);
        Assert.Equal(0, (await scenario.StatusAsync(member)).MissedWrites);
        await ReadAsync();
        await FleetScenario.AssertSameContentsAsync(scenario.Fleet.Members[1], member);
    }

    [Fact]
    public async Task Another_proxy_takes_over_when_the_copying_one_dies()
    {
        await using var scenario = await FleetScenario.StartAsync(new FleetShape { CopyBytesPerSecond = SlowBytesPerSecond });
        await scenario.LoadAsync(Keys);
        var lost = scenario.Fleet.Members[1];
        await lost.KillAsync();
        var newcomer = await scenario.Fleet.ReplaceAsync(lost, Token);
        await scenario.PlanUntilAsync("two proxies copy", topology => topology.Copies.Count == 2);
        var copier = scenario.Fleet.Proxies.Single(proxy => proxy.Name == scenario.Fleet.Topology.Copies[0].Proxy);
        var epoch = scenario.Entry(newcomer).Epoch;
        await Deadline.UntilAsync(
            "it has begun", Deadline.Patience, async () => (await copier.StatusAsync(Token)).Copies is [{ Copied: > 0 }]);

        await copier.KillAsync();
        await scenario.PlanUntilReadyAsync(newcomer);

        await FleetScenario.AssertSameContentsAsync(scenario.Fleet.Members[0], newcomer);
        Assert.Equal(epoch, scenario.Entry(newcomer).Epoch);
        Assert.NotEqual(copier.Name, (await Task.WhenAll(scenario.Fleet.Proxies.Where(p => p.IsRunning).Select(p => p.StatusAsync(Token))))[0].Name);
    }

    [Fact]
    public async Task Of_a_shard_only_its_own_keys_are_copied()
    {
        await using var scenario = await FleetScenario.StartAsync(new FleetShape { Shards = 2 });
        await scenario.LoadAsync(2000);
        var (neighbour, lost) = (scenario.Fleet.Members[1], scenario.Fleet.Members[3]);
        Assert.Equal((1, 1), (neighbour.Shard, lost.Shard));
        var stray = Enumerable.Range(0, 100).Select(i => $"stray:{i}").First(key => JumpHash.Shard(KeyHash.Of(key), 2) == 0);
        foreach (var member in scenario.Fleet.Members.Where(member => member.Shard == 1 && member != lost))
        {
            using var connection = await RawClient.ConnectAsync(member.EndPoint, Token);
            Assert.Equal("STORED", await connection.LineAsync($"set {stray} 0 0 1\r\nx\r\n", Token));
        }

        await lost.KillAsync();
        var newcomer = await scenario.Fleet.ReplaceAsync(lost, Token);
        await scenario.PlanUntilReadyAsync(newcomer);

        var contents = await FleetScenario.ContentsAsync(newcomer);
        Assert.InRange(contents.Count, 800, 1200);
        Assert.Equal((await FleetScenario.ContentsAsync(neighbour)).Keys.Where(key => key != stray).Order(), contents.Keys.Order());
    }

    /// <summary>Deletes a third of the keys through one proxy and returns those whose deletion was acknowledged.</summary>
    private static async Task<List<string>> DeleteAsync(FleetScenario scenario, int proxy, CancellationToken stop)
    {
        using var client = await scenario.ConnectAsync(proxy);
        var deleted = new List<string>();

        // Half of the keys, at a pace that lasts for most of the copy.
        for (var i = proxy; i < Keys / 2 && !stop.IsCancellationRequested; i += 3)
        {
            Assert.Equal("DELETED", await client.LineAsync($"delete key:{i}\r\n", Token));
            deleted.Add($"key:{i}");
            await Task.Delay(1, Token);
        }

        return deleted;
    }

    private static Task<long> GetHitsAsync(FleetMember member) => StatisticAsync(member, "get_hits");

    private static Task<long> SetsAsync(FleetMember member) => StatisticAsync(member, "cmd_set");

    private static async Task<long> StatisticAsync(FleetMember member, string name)
    {
        using var connection = await RawClient.ConnectAsync(member.EndPoint, Token);
        return long.Parse((await connection.StatsAsync(Token))[name]);
    }
}
