using System.Text;
using CacheOperator.Proxy.WarmUp;
using CacheOperator.Topology;

namespace CacheOperator.Integration.Tests.WarmUp;

public sealed class CopyFidelityTests(ITestOutputHelper output)
{
    private const long Month = 30 * 24 * 3600;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Items_of_every_kind_arrive_as_they_were()
    {
        await using var bench = await CopyBench.StartAsync();
        using var source = await bench.OpenSourceAsync();
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var version = 1UL << 62;
        async Task StoreAsync(byte[] key, bool base64, int size, long ttl)
        {
            var name = base64 ? Convert.ToBase64String(key) + $" {size} b" : Encoding.Latin1.GetString(key) + $" {size}";
            Assert.Equal("HD", await source.LineAsync($"ms {name} T{ttl} F{version % uint.MaxValue} E{version += 2}\r\n{new string((char)('a' + (size % 26)), size)}\r\n", Token));
        }

        foreach (var ttl in new[] { 0, 20, 3600, Month, now + Month + 5, now + (10 * Month) })
        {
            foreach (var size in new[] { 0, 1, 100, 5000, 300_000, 1_000_000 })
                await StoreAsync(Encoding.Latin1.GetBytes($"plain-{ttl}-{size}"), base64: false, size, ttl);
        }

        for (var i = 0; i < 256; i++)
            await StoreAsync([(byte)i, (byte)'x', (byte)i], base64: true, 10, 100);
        await StoreAsync([.. Enumerable.Range(0, 186).Select(i => (byte)i)], base64: true, 10, 100);
        await StoreAsync([.. Enumerable.Repeat((byte)'k', 250)], base64: false, 10, 100);
        await StoreAsync("tab\tand \u00e9\u00ff"u8.ToArray().Where(b => b != ' ').ToArray(), base64: false, 10, 100);

        var status = await bench.CopyAsync();

        var expected = await bench.SourceContentsAsync();
        Assert.Equal(36 + 256 + 3, expected.Count);
        AssertSame(expected, await bench.TargetContentsAsync());
        Assert.Equal((CopyPhase.Succeeded, 0, expected.Count, expected.Count, expected.Count), (status.Phase, status.Missing, status.Total, status.Processed, status.Copied));
    }

    [Fact]
    public async Task The_last_value_is_waited_for_to_its_end()
    {
        const int Size = 1_000_000;
        await using var bench = await CopyBench.StartAsync();
        using var source = await bench.OpenSourceAsync();
        Assert.Equal("HD", await source.LineAsync($"ms only {Size} E7\r\n{new string('x', Size)}\r\n", Token));

        var status = await bench.CopyAsync();

        Assert.Equal((CopyPhase.Succeeded, 1), (status.Phase, status.Copied));
        AssertSame(await bench.SourceContentsAsync(), await bench.TargetContentsAsync());
    }

    [Theory]
    [InlineData(32 * 1024 * 1024)]
    [InlineData(512 * 1024)]
    public async Task A_hundred_thousand_items_arrive_whatever_memory_there_is_for_their_keys(int bandBytes)
    {
        await using var bench = await CopyBench.StartAsync(new CopyLimits { BandBytes = bandBytes });
        await bench.LoadAsync(100_000);

        var status = await bench.CopyAsync();

        output.WriteLine($"{status}");
        Assert.Equal((CopyPhase.Succeeded, 100_000, 0), (status.Phase, status.Copied, status.Missing));
        AssertSame(await bench.SourceContentsAsync(), await bench.TargetContentsAsync());
    }

    [Fact]
    public async Task A_touched_item_arrives_with_its_new_expiry()
    {
        await using var bench = await CopyBench.StartAsync();
        await bench.LoadAsync(10);
        using var source = await bench.OpenSourceAsync();
        Assert.Equal("TOUCHED", await source.LineAsync("touch key:1 0\r\n", Token));
        Assert.Equal("TOUCHED", await source.LineAsync("touch key:2 77\r\n", Token));

        await bench.CopyAsync();

        AssertSame(await bench.SourceContentsAsync(), await bench.TargetContentsAsync());
    }

    [Fact]
    public async Task What_clients_have_written_to_the_target_since_stays()
    {
        await using var bench = await CopyBench.StartAsync();
        await bench.LoadAsync(1000);
        using var source = await bench.OpenSourceAsync();
        using var target = await bench.OpenTargetAsync();
        foreach (var member in new[] { source, target })
            Assert.Equal("HD", await member.LineAsync("ms key:5 5 T0 E999999\r\nnewer\r\n", Token));

        await bench.CopyAsync();

        Assert.Equal("newer", (await bench.TargetContentsAsync())["key:5"].Value);
        AssertSame(await bench.SourceContentsAsync(), await bench.TargetContentsAsync());
    }

    [Fact]
    public async Task Leftovers_of_an_attempt_that_broke_off_are_removed()
    {
        await using var bench = await CopyBench.StartAsync();
        await bench.LoadAsync(1000);
        using var target = await bench.OpenTargetAsync();
        Assert.Equal("HD", await target.LineAsync("ms deleted-meanwhile 5 E77\r\nstale\r\n", Token));
        Assert.Equal("HD", await target.LineAsync("ms key:7 5 E78\r\nstale\r\n", Token));
        Assert.Equal("HD", await target.LineAsync("ms key:8 100 T5000 F1 E1008\r\n" + new string('v', 100) + "\r\n", Token));

        var status = await bench.CopyAsync();

        Assert.Equal(3, status.Revoked);
        AssertSame(await bench.SourceContentsAsync(), await bench.TargetContentsAsync());
    }

    [Fact]
    public async Task An_invalidated_item_is_left_out_and_its_refetch_to_the_clients()
    {
        await using var bench = await CopyBench.StartAsync();
        await bench.LoadAsync(10);
        using var source = await bench.OpenSourceAsync();
        Assert.Equal("HD", await source.LineAsync("md key:3 I E3000\r\n", Token));

        var status = await bench.CopyAsync();

        Assert.Equal((9, 0), (status.Copied, status.Missing));
        var seen = await source.LineAsync("mg key:3 c t\r\n", Token);
        Assert.Matches("^HD c3000 t10\\d\\d X W$|^HD c3000 t10\\d\\d W X$", seen);
    }

    [Fact]
    public async Task Items_that_the_target_refuses_are_counted_as_missing()
    {
        await using var bench = await CopyBench.StartAsync(targetArguments: ["-I", "512k"]);
        await bench.LoadAsync(10);
        using var source = await bench.OpenSourceAsync();
        for (var i = 0; i < 3; i++)
            Assert.Equal("HD", await source.LineAsync($"ms large:{i} 600000 E{5 + i}\r\n{new string('x', 600_000)}\r\n", Token));

        var status = await bench.CopyAsync();

        Assert.Equal((CopyPhase.Succeeded, 10, 3), (status.Phase, status.Copied, status.Missing));
        Assert.Contains("too large", status.Error, StringComparison.Ordinal);
    }

    private static void AssertSame(Dictionary<string, StoredItem> expected, Dictionary<string, StoredItem> actual)
    {
        foreach (var (key, item) in expected)
        {
            Assert.True(actual.TryGetValue(key, out var copy), $"{key} is missing");
            Assert.Equal(item with { Value = item.Value.Length.ToString() }, copy with { Value = copy.Value.Length.ToString() });
            Assert.True(item.Value == copy.Value, $"{key} has another value");
        }

        Assert.Empty(actual.Keys.Except(expected.Keys));
    }
}
