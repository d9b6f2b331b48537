using static CacheOperator.Integration.Tests.Proxy.CutOffMember;

namespace CacheOperator.Integration.Tests.Proxy;

/// <summary>What is too much to be remembered.</summary>
public sealed class HintBoundTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

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
}
