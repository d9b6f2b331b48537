using CacheOperator.Proxy.WarmUp;
using CacheOperator.Topology;

namespace CacheOperator.Integration.Tests.WarmUp;

public sealed class CopyRaceTests(ITestOutputHelper output)
{
    private const int Writers = 4;
    private const int KeysOfAWriter = 2000;
    private const int MissedByAWriter = 500;
    private const int Copies = 8;
    private const long ExpiryToleranceSeconds = 1;

    [Fact]
    public async Task What_clients_change_during_a_copy_is_never_stale_nor_comes_back()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        await using var bench = await CopyBench.StartAsync(new CopyLimits { ItemsUnderWay = 400 }, latency: TimeSpan.FromMilliseconds(5));
        var writers = new List<OrderedWriter>();
        for (var i = 0; i < Writers; i++)
        {
            writers.Add(new OrderedWriter(await bench.OpenSourceAsync(), await bench.OpenTargetAsync(), new Random(seed + i), $"w{i}-", KeysOfAWriter));
            await writers[i].FillAsync();
        }

        var revoked = 0L;
        for (var i = 0; i < Copies; i++)
        {
            // Every other time there is everything to copy, else what was missed since the last one.
            if (i % 2 == 0) await bench.EmptyTargetAsync();
            else await Task.WhenAll(writers.Select(writer => writer.MissAsync(MissedByAWriter)));
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            var before = writers.Sum(writer => writer.Operations);
            var writing = writers.Select(writer => writer.RunAsync(stop.Token)).ToList();
            var status = await bench.CopyAsync();
            await stop.CancelAsync();
            await Task.WhenAll(writing);

            output.WriteLine($"{writers.Sum(writer => writer.Operations) - before} operations, {status.Copied} copied, {status.Revoked} revoked");
            Assert.True(status.Phase == CopyPhase.Succeeded, status.Error);
            revoked += status.Revoked;
            await AssertNothingStaleAsync(bench);
        }

        Assert.True(revoked > 0, "no copy ever met a change: this shows nothing");
    }

    private static async Task AssertNothingStaleAsync(CopyBench bench)
    {
        var expected = await bench.SourceContentsAsync();
        var actual = await bench.TargetContentsAsync();
        foreach (var (key, item) in actual)
        {
            Assert.True(expected.TryGetValue(key, out var original), $"{key} came back");
            Assert.Equal(original with { Expiry = 0 }, item with { Expiry = 0 });
            Assert.True(
                (original.Expiry < 0) == (item.Expiry < 0) && Math.Abs(original.Expiry - item.Expiry) <= ExpiryToleranceSeconds,
                $"{key} expires at {item.Expiry}, not {original.Expiry}");
        }

        // What changed in every round is left out; next to nothing may.
        Assert.InRange(actual.Count, expected.Count * 99 / 100, expected.Count);
    }
}
