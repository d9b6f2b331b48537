using System.Diagnostics;
using CacheOperator.Integration.Tests.Proxy;

namespace CacheOperator.Integration.Tests.Reconciliation;

public sealed class PairReconciliationTests
{
    private const int LargeValue = 600_000;
    private static readonly string BinaryKey = Convert.ToBase64String([0, 1, 32, 13, 10, 255]);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Members_that_differ_are_made_equal_by_the_newer_items()
    {
        await using var bench = await ReconciliationBench.StartAsync();
        var expiry = DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 10_000_000;
        await bench.StoreAsync(0, "ms newer-left 3 F7 T500 E2000\r\nnew\r\n");
        await bench.StoreAsync(1, "ms newer-left 3 F1 E1000\r\nold\r\n");
        await bench.StoreAsync(0, "ms newer-right 3 E1000\r\nold\r\n");
        await bench.StoreAsync(1, $"ms newer-right 3 F9 T{expiry} E2000\r\nnew\r\n");
        await bench.StoreAsync(0, $"ms {BinaryKey} 3 b E1000\r\nold\r\n");
        await bench.StoreAsync(1, $"ms {BinaryKey} 3 b E2000\r\nnew\r\n");
        await bench.StoreAsync(0, $"ms large {LargeValue} E2000\r\n{new string('n', LargeValue)}\r\n");
        await bench.StoreAsync(1, "ms large 3 E1000\r\nold\r\n");
        await bench.StoreAsync(0, "ms written-after-deletion 3 E2000\r\nnew\r\n");
        await bench.StoreAsync(1, "ms written-after-deletion 0 T600 E1001\r\n\r\n");
        await bench.StoreAsync(0, "ms place-taken 0 T60 E2001\r\n\r\n");
        await bench.StoreAsync(1, "ms place-taken 3 E2000\r\nnew\r\n");
        for (var i = 0; i < 2000; i++)
        {
            if (i % 100 > 0) continue;
            await bench.StoreAsync(0, $"ms same-{i} 4 E{i + 10}\r\nsame\r\n");
            await bench.StoreAsync(1, $"ms same-{i} 4 E{i + 10}\r\nsame\r\n");
        }

        Assert.Equal(6, await bench.CompareAsync(0, 1));

        var (left, right) = (await bench.ContentsAsync(0), await bench.ContentsAsync(1));
        Assert.Equal(26, left.Count);
        Assert.Equal(left.Keys.Order(), right.Keys.Order());
        foreach (var (key, item) in left)
        {
            Assert.Equal(item with { Expiry = 0 }, right[key] with { Expiry = 0 });
            Assert.InRange(item.Expiry - right[key].Expiry, -1, 1);
            Assert.Equal(key.StartsWith("same", StringComparison.Ordinal) ? 's' : 'n', item.Value[0]);
        }

        Assert.Equal((6, 6), (bench.Counters.Divergent, bench.Counters.Healed));
        Assert.Equal(0, await bench.CompareAsync(0, 1));
    }

    [Fact]
    public async Task A_deletion_that_is_newer_reaches_the_other_member()
    {
        await using var bench = await ReconciliationBench.StartAsync();
        await bench.StoreAsync(0, "ms deleted 3 E1000\r\nold\r\n");
        await bench.StoreAsync(1, "ms deleted 0 T600 E2001\r\n\r\n");

        Assert.Equal(1, await bench.CompareAsync(0, 1));

        var mark = (await bench.ContentsAsync(0))["deleted"];
        Assert.Equal(("", 2001UL), (mark.Value, mark.Version));
        Assert.InRange(mark.Expiry - DateTimeOffset.UtcNow.ToUnixTimeSeconds(), 300, 601);
    }

    [Fact]
    public async Task An_item_that_only_one_member_holds_neither_comes_back_nor_is_lost()
    {
        await using var bench = await ReconciliationBench.StartAsync();
        await bench.StoreAsync(0, "ms left 1 E1000\r\nx\r\n");
        await bench.StoreAsync(1, "ms right 1 E1000\r\nx\r\n");

        Assert.Equal(0, await bench.CompareAsync(0, 1));

        Assert.Equal(["left"], (await bench.ContentsAsync(0)).Keys);
        Assert.Equal(["right"], (await bench.ContentsAsync(1)).Keys);
    }

    [Fact]
    public async Task Of_one_version_with_two_expiries_the_earlier_one_stays()
    {
        await using var bench = await ReconciliationBench.StartAsync();
        await bench.StoreAsync(0, "ms k 1 T1000 E1000\r\nx\r\n");
        await bench.StoreAsync(1, "ms k 1 T90000 E1000\r\nx\r\n");
        await bench.StoreAsync(0, "ms never 1 E1000\r\nx\r\n");
        await bench.StoreAsync(1, "ms never 1 T1000 E1000\r\nx\r\n");

        Assert.Equal(2, await bench.CompareAsync(0, 1));

        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        foreach (var item in (await bench.ContentsAsync(0)).Concat(await bench.ContentsAsync(1))) Assert.InRange(item.Value.Expiry - now, 500, 1001);
    }

    [Theory]
    [InlineData("ms k 3 E3000\r\nmid\r\n", "mid", "newest")]
    [InlineData("md k\r\n", null, "newest")]
    public async Task What_changes_before_it_is_looked_at_again_is_left_alone(string change, string? left, string right)
    {
        var time = new PatientTime(TimeSpan.FromSeconds(100));
        await using var bench = await ReconciliationBench.StartAsync();
        await bench.StoreAsync(0, "ms k 3 E1000\r\nold\r\n");
        await bench.StoreAsync(1, "ms k 6 E5000\r\nnewest\r\n");

        var run = bench.CompareAsync(0, 1, ReconciliationBench.Limits with { Persistence = TimeSpan.FromSeconds(100) }, time);
        await ProxyFleet.WaitAsync(() => time.Waits == 1, "a difference is seen", Token);
        await bench.StoreAsync(0, change);
        await ProxyFleet.WaitAsync(() => time.Pass(run), "compared", Token);

        Assert.Equal(0, await run);
        Assert.Equal(left, (await bench.ContentsAsync(0)).GetValueOrDefault("k")?.Value);
        Assert.Equal(right, (await bench.ContentsAsync(1))["k"].Value);
    }

    [Fact]
    public async Task What_the_topology_no_longer_allows_is_counted_and_not_mended()
    {
        await using var bench = await ReconciliationBench.StartAsync();
        await bench.StoreAsync(0, "ms k 3 E1000\r\nold\r\n");
        await bench.StoreAsync(1, "ms k 3 E2000\r\nnew\r\n");

        Assert.Equal(1, await bench.CompareAsync(0, 1, mayMend: false));

        Assert.Equal("old", (await bench.ContentsAsync(0))["k"].Value);
        Assert.Equal((1, 0), (bench.Counters.Divergent, bench.Counters.Healed));
    }

    [Fact]
    public async Task Three_members_that_all_differ_agree_in_the_end()
    {
        await using var bench = await ReconciliationBench.StartAsync();
        foreach (var (member, version) in (IEnumerable<(int, int)>)[(0, 2000), (1, 3000), (2, 1000)]) await bench.StoreAsync(member, $"ms k 4 E{version}\r\n{version}\r\n");

        foreach (var (left, right) in (IEnumerable<(int, int)>)[(0, 1), (0, 2), (1, 2)]) await bench.CompareAsync(left, right);

        for (var member = 0; member < 3; member++) Assert.Equal("3000", (await bench.ContentsAsync(member))["k"].Value);
    }

    [Fact]
    public async Task Keys_are_looked_at_no_faster_than_told()
    {
        const int Keys = 3000;
        await using var bench = await ReconciliationBench.StartAsync();
        await FillAsync(bench, Keys);
        var limits = ReconciliationBench.Limits with { KeysPerSecond = 1000 };

        var began = Stopwatch.StartNew();
        Assert.Equal(Keys, await bench.CompareAsync(0, 1, limits));

        Assert.True(began.Elapsed > TimeSpan.FromSeconds((Keys - limits.Batches.BatchItems) / (double)limits.KeysPerSecond), $"{began.Elapsed}");
    }

    [Fact]
    public async Task More_differences_than_one_comparison_looks_at_are_left_to_the_next_ones()
    {
        const int Keys = 2000;
        await using var bench = await ReconciliationBench.StartAsync();
        await FillAsync(bench, Keys);
        var limits = ReconciliationBench.Limits with { Keys = Keys / 2 };

        var found = await bench.CompareAsync(0, 1, limits);
        Assert.InRange(found, 1, Keys - 1);
        while (found < Keys) found += await bench.CompareAsync(0, 1, limits);

        Assert.Equal(await bench.ContentsAsync(1), await bench.ContentsAsync(0));
    }

    private static async Task FillAsync(ReconciliationBench bench, int keys)
    {
        for (var member = 0; member < 2; member++)
        {
            using var connection = await bench.OpenAsync(member);
            await connection.AskAsync(string.Concat(Enumerable.Range(0, keys).Select(i => $"ms key:{i} 1 E{1000 + member} q\r\n{member}\r\n")) + "mn\r\n", "MN\r\n", Token);
        }
    }
}
