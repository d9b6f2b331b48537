using CacheOperator.Proxy.Configuration;
using CacheOperator.Topology;

namespace CacheOperator.Integration.Tests.Proxy;

/// <summary>A tombstone that is touched is none that lives for as long as the client wants.</summary>
public sealed class TouchedTombstoneTests
{
    private const int Far = 2;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static int Hold => new ProxySettings().TombstoneSeconds;

    [Theory]
    [InlineData("touch k 100000")]
    [InlineData("touch k 1")]
    [InlineData("mg k T100000")]
    public async Task It_is_kept_for_as_long_as_before(string touch)
    {
        await using var fleet = await ProxyFleet.StartAsync(Token);
        await fleet.ApplyAsync(Far, m => m with { State = MemberState.Warming, Epoch = 2 }, Token);
        await BuryAsync(fleet);
        using var client = await fleet.ConnectAsync(Token);
        await client.LineAsync($"{touch}\r\n", Token);
        await ProxyFleet.WaitAsync(async () => (await fleet.ItemsAsync("k", Token)).All(IsTombstone), "it is a tombstone again", Token);
    }

    [Fact]
    public async Task What_is_stored_before_the_touch_is_answered_for_keeps_its_own_time_to_live()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token, settings: s => s with { MemberTimeout = 60_000 }, relayed: [(0, Far)]);
        await BuryAsync(fleet);
        using var client = await fleet.ConnectAsync(Token);
        fleet.RelayOf(0, Far).Hold();
        Assert.Equal("NOT_FOUND", await client.LineAsync("touch k 100000\r\n", Token));
        Assert.Equal("STORED", await client.LineAsync("set k 7 0 3\r\nnew\r\n", Token));
        await ProxyFleet.WaitAsync(() => fleet.RelayOf(0, Far).Holds("touch") || fleet.RelayOf(0, Far).Holds("mg k"), "the touch is on its way", Token);
        fleet.RelayOf(0, Far).Release();

        await ProxyFleet.WaitAsync(async () => (await fleet.ItemsAsync("k", Token)).All(item => item.Contains(" f7 ", StringComparison.Ordinal)), "stored everywhere", Token);

        // Whatever the proxy has sent to the member meanwhile is before this.
        Assert.Equal("STORED", await client.LineAsync("set last 0 0 1\r\nx\r\n", Token));
        await ProxyFleet.WaitAsync(async () => (await fleet.ItemsAsync("last", Token)).All(item => item.StartsWith("HD", StringComparison.Ordinal)), "the last is stored everywhere", Token);
        Assert.All(await fleet.ItemsAsync("k", Token), item => Assert.Contains(" t-1 ", item, StringComparison.Ordinal));
    }

    private static bool IsTombstone(string item) =>
        item.StartsWith("HD", StringComparison.Ordinal) && item.Contains(" c1001 ", StringComparison.Ordinal)
        && Enumerable.Range(Hold - 5, 6).Any(seconds => item.Contains($" t{seconds} ", StringComparison.Ordinal));

    private static async Task BuryAsync(ProxyFleet fleet)
    {
        for (var member = 0; member <= Far; member++)
        {
            using var connection = await fleet.ConnectToMemberAsync(member, Token);
            Assert.Equal("HD", await connection.LineAsync($"ms k 0 T{Hold} E1001\r\n\r\n", Token));
        }
    }
}
