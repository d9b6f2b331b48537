using System.Globalization;
using CacheOperator.Topology;

namespace CacheOperator.Integration.Tests.Proxy;

/// <summary>Members are given more memory than they were started with: they go on with all that they hold, and take more.</summary>
public sealed class MemoryGrowthTests
{
    private const int ValueSize = 1000;
    private const long Mebi = 1 << 20;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_member_that_grows_under_load_loses_nothing_and_takes_more()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token, proxies: 2, arguments: ["-m", "32"]);
        using var client = await fleet.ConnectAsync(Token);
        var before = await StatisticsAsync(fleet);
        await FillAsync(client, 0, 20_000);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var load = LoadAsync(fleet, 20_000, stop.Token);

        await fleet.ApplyAsync(GivenMemory(128), Token);
        await UntilLimitAsync(fleet, 128);
        await FillAsync(client, 20_000, 80_000);
        await stop.CancelAsync();
        Assert.True(await load > 0);

        var after = await StatisticsAsync(fleet);
        Assert.Equal(before.Select(s => s["pid"]), after.Select(s => s["pid"]));
        Assert.All(after, s => Assert.Equal("0", s["evictions"]));
        Assert.All(after, s => Assert.InRange(long.Parse(s["bytes"], CultureInfo.InvariantCulture), 80_000 * ValueSize, 128 * Mebi));
        for (var member = 0; member < fleet.Members.Count; member++)
        {
            using var direct = await fleet.ConnectToMemberAsync(member, Token);
            Assert.Equal(80_000, await CountAsync(direct, 80_000));
        }
    }

    [Fact]
    public async Task Without_growth_the_same_does_not_fit()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token, arguments: ["-m", "32"]);
        using var client = await fleet.ConnectAsync(Token);
        await FillAsync(client, 0, 80_000);
        Assert.All(await StatisticsAsync(fleet), s => Assert.NotEqual("0", s["evictions"]));
    }

    [Fact]
    public async Task A_full_member_of_large_items_takes_small_ones_after_it_without_losing_any()
    {
        // No page changes its class for that: what small items need comes from the memory that was added.
        await using var fleet = await ProxyFleet.StartAsync(Token, arguments: ["-m", "32"]);
        using var client = await fleet.ConnectAsync(Token);
        await FillAsync(client, 0, 60_000);
        var full = await StatisticsAsync(fleet);
        await fleet.ApplyAsync(GivenMemory(128), Token);
        await UntilLimitAsync(fleet, 128);
        await FillAsync(client, 60_000, 360_000, size: 100);
        var after = await StatisticsAsync(fleet);
        Assert.Equal(full.Select(s => s["evictions"]), after.Select(s => s["evictions"]));
    }

    [Fact]
    public async Task A_container_that_starts_again_with_its_old_argument_gets_the_limit_back()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token, proxies: 2, arguments: ["-m", "32"]);
        await fleet.ApplyAsync(GivenMemory(64), Token);
        await UntilLimitAsync(fleet, 64);
        await fleet.ApplyAsync(d => d with { Members = [.. d.Members.Select((m, i) => m with { Incarnation = fleet.Status(i).Incarnation })] }, Token);
        var old = fleet.Status(0).Incarnation;

        await fleet.Members[0].RestartAsync(Token);
        await ProxyFleet.WaitAsync(() => fleet.Status(0).Incarnation is { } met && met != old, "another process", Token);
        Assert.Equal(32 * Mebi, fleet.Status(0).Statistics!.LimitMaxBytes);
        await fleet.ApplyAsync(0, m => m with { Incarnation = fleet.Status(0).Incarnation, State = MemberState.Warming, Epoch = 2 }, Token);
        await UntilLimitAsync(fleet, 64);
    }

    [Fact]
    public async Task Nobody_takes_memory_away_and_a_document_of_an_older_operator_changes_nothing()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token, arguments: ["-m", "64"]);
        await fleet.ApplyAsync(GivenMemory(32), Token);
        await fleet.ApplyAsync(GivenMemory(96), Token);
        await UntilLimitAsync(fleet, 96);
        await fleet.ApplyAsync(GivenMemory(null), Token);
        await fleet.ApplyAsync(GivenMemory(32), Token);

        // Two looks at the members later it is as it was.
        await Task.Delay(TimeSpan.FromSeconds(5), Token);
        await UntilLimitAsync(fleet, 96);
        Assert.True(fleet.Proxy.Reporter.Status().RaisesMemory);
    }

    [Fact]
    public async Task A_member_that_refuses_serves_on_with_what_it_has()
    {
        // With -L all memory is taken at the start, and memcached answers MEMLIMIT_ADJUST_FAILED.
        await using var fleet = await ProxyFleet.StartAsync(Token, arguments: ["-m", "64", "-L"]);
        using var client = await fleet.ConnectAsync(Token);
        await FillAsync(client, 0, 100);
        var connections = (await StatisticsAsync(fleet)).Select(s => s["total_connections"]).ToList();
        await fleet.ApplyAsync(GivenMemory(96), Token);
        await Task.Delay(TimeSpan.FromSeconds(5), Token);
        Assert.Equal(100, await CountAsync(client, 100));
        var after = await StatisticsAsync(fleet);
        Assert.All(after, s => Assert.Equal($"{64 * Mebi}", s["limit_maxbytes"]));

        // One more each: that of these statistics. No proxy has lost its connection.
        Assert.Equal(connections.Select(c => $"{int.Parse(c, CultureInfo.InvariantCulture) + 1}"), after.Select(s => s["total_connections"]));
    }

    private static Func<TopologyDocument, TopologyDocument> GivenMemory(long? mebibytes) =>
        d => d with { Members = [.. d.Members.Select(m => m with { MemoryMebibytes = mebibytes })] };

    private static Task UntilLimitAsync(ProxyFleet fleet, long mebibytes) => ProxyFleet.WaitAsync(
        () => fleet.Proxies.All(p => p.Reporter.Status().Members.All(m => m.Statistics?.LimitMaxBytes == mebibytes * Mebi)), $"a limit of {mebibytes} MiB", Token);

    private static async Task<List<Dictionary<string, string>>> StatisticsAsync(ProxyFleet fleet)
    {
        var all = new List<Dictionary<string, string>>();
        for (var member = 0; member < fleet.Members.Count; member++)
        {
            using var client = await fleet.ConnectToMemberAsync(member, Token);
            all.Add(await client.StatsAsync(Token));
        }

        return all;
    }

    private static async Task FillAsync(RawClient client, int from, int to, int size = ValueSize)
    {
        const int AtOnce = 100;
        var value = new string('x', size);
        for (var i = from; i < to; i += AtOnce)
        {
            var sets = string.Concat(Enumerable.Range(i, AtOnce).Select(k => $"ms k{k} {size} q\r\n{value}\r\n"));
            Assert.Equal("MN\r\n", await client.AskAsync($"{sets}mn\r\n", "MN\r\n", Token));
        }
    }

    private static async Task<int> CountAsync(RawClient client, int keys)
    {
        const int AtOnce = 100;
        var found = 0;
        for (var i = 0; i < keys; i += AtOnce)
        {
            var gets = string.Concat(Enumerable.Range(i, AtOnce).Select(k => $"mg k{k} s q\r\n"));
            found += (await client.AskAsync($"{gets}mn\r\n", "MN\r\n", Token)).Split("HD s").Length - 1;
        }

        return found;
    }

    /// <summary>Reads what is there, and none of it may be missing, until it is told to stop.</summary>
    /// <returns>How many keys were read.</returns>
    private static async Task<int> LoadAsync(ProxyFleet fleet, int keys, CancellationToken stop)
    {
        using var client = await fleet.ConnectAsync(Token, proxy: 1);
        var reads = 0;
        while (!stop.IsCancellationRequested)
        {
            Assert.Equal(keys, await CountAsync(client, keys));
            reads += keys;
        }

        return reads;
    }
}
