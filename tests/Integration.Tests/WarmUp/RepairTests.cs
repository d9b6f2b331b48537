using CacheOperator.Topology;

namespace CacheOperator.Integration.Tests.WarmUp;

/// <summary>A target that holds nearly everything already: it missed writes, or is left from a copy that broke off.</summary>
public sealed class RepairTests(ITestOutputHelper output)
{
    private const int Items = 20_000;

    /// <summary>Versions as proxies give them, an hour from one to the next.</summary>
    private const ulong Hour = 3_600_000UL << 22;
    private const ulong Now = 20_000 * Hour;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_missed_is_made_up_for_and_nothing_else_is_touched()
    {
        await using var bench = await StartWithTheSameOnBothAsync();
        using var source = await bench.OpenSourceAsync();
        using var target = await bench.OpenTargetAsync();
        for (var i = 0; i < 100; i++)
        {
            await DoAsync(source, (i % 4) switch
            {
                0 => $"ms key:{i} 3 T500 E{Now + (ulong)i}\r\nnew\r\n",
                1 => $"md key:{i}\r\n",
                2 => $"mg key:{i} T{5000 + i}\r\n",
                _ => $"ms new:{i} 3 T500 E{Now + (ulong)i}\r\nnew\r\n",
            });
        }

        await DoAsync(target, $"ms leftover 5 E{Now}\r\nstale\r\n");
        var before = await target.StatsAsync(Token);

        var status = await bench.CopyAsync();

        // Of each four changes one is a deletion, for which nothing is copied, and one a touch: its item is dropped, and copied with its new expiry.
        output.WriteLine($"{status}");
        Assert.Equal((CopyPhase.Succeeded, 75, 76, 0), (status.Phase, status.Copied, status.Revoked, status.Missing));
        Assert.Equal(75, long.Parse((await target.StatsAsync(Token))["cmd_set"]) - long.Parse(before["cmd_set"]));
        Assert.Equal((status.Total, status.Total), (Items, status.Processed));
        await AssertSameAsync(bench);
    }

    [Fact]
    public async Task A_flush_that_was_missed_leaves_nothing_of_before()
    {
        await using var bench = await StartWithTheSameOnBothAsync();
        using var source = await bench.OpenSourceAsync();
        await bench.EmptySourceAsync();
        await DoAsync(source, $"ms after 3 E{Now}\r\nnew\r\n");

        var status = await bench.CopyAsync();

        Assert.Equal((CopyPhase.Succeeded, 1, Items), (status.Phase, status.Copied, status.Revoked));
        await AssertSameAsync(bench);
    }

    [Fact]
    public async Task A_shortened_life_shows_however_little_it_is()
    {
        await using var bench = await CopyBench.StartAsync();
        using var source = await bench.OpenSourceAsync();
        using var target = await bench.OpenTargetAsync();
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        for (var i = 0; i < 200; i++)
        {
            foreach (var member in new[] { source, target })
                await DoAsync(member, $"ms key:{i} 1 T{now + 1000 + i} E{Now}\r\nx\r\n");
            await DoAsync(source, $"mg key:{i} T{now + 1000 + i - 5}\r\n");
        }

        var status = await bench.CopyAsync();

        Assert.Equal((200, 200), (status.Revoked, status.Copied));
        await AssertSameAsync(bench);
    }

    [Fact]
    public async Task What_differs_by_a_tick_as_replicas_do_is_not_copied_again()
    {
        await using var bench = await CopyBench.StartAsync();
        using var source = await bench.OpenSourceAsync();
        using var target = await bench.OpenTargetAsync();
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        for (var i = 0; i < 1000; i++)
        {
            await DoAsync(source, $"ms key:{i} 1 T{now + 1000 + i} E{Now}\r\nx\r\n");
            await DoAsync(target, $"ms key:{i} 1 T{now + 1000 + i + (i % 2)} E{Now}\r\nx\r\n");
        }

        var status = await bench.CopyAsync();

        Assert.Equal((CopyPhase.Succeeded, 0, 0, 0), (status.Phase, status.Copied, status.Revoked, status.Missing));
    }

    [Theory]
    [InlineData("older", Now, "b", Now - Hour, "a", "b")]
    [InlineData("newer by no more than clocks may differ", Now, "b", Now + (Hour / 3600), "a", "b")]
    [InlineData("surely newer", Now - Hour, "a", Now, "b", "b")]
    [InlineData("an item that was deleted", Now | 1, "", Now - Hour, "a", "")]
    [InlineData("an older tombstone", Now, "b", (Now - Hour) | 1, "", "b")]
    [InlineData("a newer tombstone", Now - Hour, "a", Now | 1, "", "")]
    [InlineData("what nobody else has", 0, "", Now, "a", null)]
    [InlineData("a tombstone of what has gone", 0, "", Now | 1, "", null)]
    public async Task What_the_target_holds_is(string what, ulong onSource, string sourceValue, ulong onTarget, string targetValue, string? expected)
    {
        await using var bench = await CopyBench.StartAsync();
        using var source = await bench.OpenSourceAsync();
        using var target = await bench.OpenTargetAsync();
        if (onSource != 0) await DoAsync(source, $"ms key {sourceValue.Length} T500 E{onSource}\r\n{sourceValue}\r\n");
        await DoAsync(target, $"ms key {targetValue.Length} T500 E{onTarget}\r\n{targetValue}\r\n");

        var status = await bench.CopyAsync();

        Assert.Equal((CopyPhase.Succeeded, 0), (status.Phase, status.Missing));
        Assert.True(expected == (await bench.TargetContentsAsync()).GetValueOrDefault("key")?.Value, what);
        if (onSource != 0) Assert.Equal(sourceValue, (await bench.SourceContentsAsync())["key"].Value);
    }

    [Fact]
    [Trait("Suite", "Long")]
    public async Task Of_a_million_items_only_those_are_copied_that_were_missed()
    {
        const int Many = 1_000_000;
        await using var bench = await StartWithTheSameOnBothAsync(Many);
        var filled = bench.Statuses.Single();
        using var source = await bench.OpenSourceAsync();
        for (var i = 0; i < 100; i++)
            await DoAsync(source, $"ms key:{i} 3 T500 E{Now + (ulong)i}\r\nnew\r\n");

        var status = await bench.CopyAsync();

        output.WriteLine($"filled in {filled.FinishedAt - filled.StartedAt}, repaired in {status.FinishedAt - status.StartedAt}");
        Assert.Equal((CopyPhase.Succeeded, 100, 100, 0), (status.Phase, status.Copied, status.Revoked, status.Missing));
        await AssertSameAsync(bench);
    }

    private static async Task<CopyBench> StartWithTheSameOnBothAsync(int items = Items)
    {
        var bench = await CopyBench.StartAsync();
        await bench.LoadAsync(items);
        await bench.CopyAsync();
        return bench;
    }

    private static async Task DoAsync(RawClient member, string command) => Assert.StartsWith("HD", await member.LineAsync(command, Token), StringComparison.Ordinal);

    private static async Task AssertSameAsync(CopyBench bench)
    {
        var (expected, actual) = (await bench.SourceContentsAsync(), await bench.TargetContentsAsync());
        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        Assert.All(expected, item => Assert.Equal(item.Value, actual[item.Key]));
    }
}
