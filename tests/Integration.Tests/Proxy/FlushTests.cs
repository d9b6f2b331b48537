using CacheOperator.Topology;

namespace CacheOperator.Integration.Tests.Proxy;

public sealed class FlushTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("flush_all\r\n", "OK")]
    [InlineData("flush_all 0\r\n", "OK")]
    [InlineData("flush_all noreply\r\nnonsense\r\n", "ERROR")]
    public async Task Everything_goes_in_all_shards_and_zones(string command, string answer)
    {
        await using var fleet = await ProxyFleet.StartAsync(Token, shards: 3);
        using var client = await fleet.ConnectAsync(Token);
        for (var i = 0; i < 30; i++) await client.LineAsync($"set k{i} 0 0 1\r\nx\r\n", Token);
        await fleet.ApplyAsync(1, m => m with { State = MemberState.Warming, Epoch = 2 }, Token);

        Assert.Equal(answer, await client.LineAsync(command, Token));

        for (var i = 0; i < 30; i++) Assert.Null(await client.GetAsync($"k{i}", Token));
        foreach (var member in Enumerable.Range(0, 9))
        {
            await ProxyFleet.WaitAsync(
                async () => (await Task.WhenAll(Enumerable.Range(0, 30).Select(i => fleet.ItemAsync(member, $"k{i}", Token)))).All(item => item == "EN"), $"nothing on member {member}", Token);
        }

        Assert.Equal("STORED", await client.LineAsync("set k1 0 0 1\r\ny\r\n", Token));
        Assert.Equal("y", await client.GetAsync("k1", Token));
    }

    [Fact]
    public async Task A_delayed_flush_comes_when_it_is_due()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token);
        using var client = await fleet.ConnectAsync(Token);
        await client.LineAsync("set k 0 0 1\r\nx\r\n", Token);
        Assert.Equal("OK", await client.LineAsync("flush_all 3\r\n", Token));
        Assert.Equal("x", await client.GetAsync("k", Token));
        await ProxyFleet.WaitAsync(async () => (await fleet.ItemsAsync("k", Token)).All(item => item == "EN"), "flushed everywhere", Token);
        Assert.Null(await client.GetAsync("k", Token));
    }

    [Fact]
    public async Task A_member_that_is_away_has_missed_it_and_is_not_read_again()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token, settings: s => s with { MemberTimeout = 2000 });
        using var client = await fleet.ConnectAsync(Token);
        await client.LineAsync("set k 0 0 3\r\nold\r\n", Token);
        await ProxyFleet.WaitAsync(async () => (await fleet.ItemAsync(0, "k", Token)).StartsWith("HD", StringComparison.Ordinal), "the item at home", Token);
        await fleet.Members[0].Process.SignalAsync("STOP", Token);

        Assert.Equal("OK", await client.LineAsync("flush_all\r\n", Token));
        await fleet.Members[0].Process.SignalAsync("CONT", Token);
        await ProxyFleet.WaitAsync(() => fleet.Status(0) is { Reachable: true, MissedWrites: > 0 }, "back with a gap", Token);

        Assert.False(fleet.Status(0).ServesReads);
        Assert.Null(await client.GetAsync("k", Token));
    }

    [Fact]
    public async Task A_shard_without_replicas_makes_it_fail()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token, shards: 2);
        using var client = await fleet.ConnectAsync(Token);
        await fleet.ApplyAsync(d => d with { Members = [.. d.Members.Where(m => m.Shard == 0 || m.Zone == "a")] }, Token);
        await fleet.Members[3].Process.KillAsync();
        await ProxyFleet.WaitAsync(() => !fleet.Proxy.Reporter.Status().Members[^1].Reachable, "the loss noticed", Token);

        Assert.Equal("SERVER_ERROR too few replicas of some shard answer", await client.LineAsync("flush_all\r\n", Token));
    }
}
