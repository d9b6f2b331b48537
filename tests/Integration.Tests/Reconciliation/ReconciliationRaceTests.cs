namespace CacheOperator.Integration.Tests.Reconciliation;

public sealed class ReconciliationRaceTests(ITestOutputHelper output)
{
    private const int Writers = 4;
    private const int KeysOfAWriter = 300;
    private const long ExpiryToleranceSeconds = 3;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_clients_write_and_two_proxies_mend_nothing_newer_is_overwritten_and_no_deletion_undone()
    {
        var random = new Random(RandomRun.Seed(output));
        await using var bench = await ReconciliationBench.StartAsync();
        var writers = new List<UnorderedWriter>();
        for (var i = 0; i < Writers; i++) writers.Add(new UnorderedWriter(await bench.OpenAsync(0), await bench.OpenAsync(1), new Random(random.Next()), $"w{i}-", KeysOfAWriter));
        var spoilers = new List<Func<CancellationToken, Task>>();
        for (var member = 0; member < 2; member++)
        {
            var (client, choice, parity) = (await bench.OpenAsync(member), new Random(random.Next()), member);
            spoilers.Add(stop => SpoilAsync(client, parity, choice, stop));
        }

        // What a write takes from one member to the other on a busy machine.
        var limits = ReconciliationBench.Limits with { Grace = TimeSpan.FromSeconds(2), Persistence = TimeSpan.FromMilliseconds(500) };
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        stop.CancelAfter(RandomRun.Length(defaultSeconds: 20));
        await Task.WhenAll([
            .. writers.Select(writer => writer.RunAsync(stop.Token)),
            .. spoilers.Select(spoil => spoil(stop.Token)),
            MendAsync(() => bench.CompareAsync(0, 1, limits), stop.Token),
            MendAsync(() => bench.CompareAsync(1, 0, limits), stop.Token),
        ]);
        while (await bench.CompareAsync(0, 1, limits) > 0)
        {
        }

        output.WriteLine($"{bench.Counters.Divergent} found, {bench.Counters.Healed} mended");
        Assert.True(bench.Counters.Healed > 0, "nothing was ever mended: this shows nothing");
        AssertSound(writers, await bench.ContentsAsync(0));
        AssertSound(writers, await bench.ContentsAsync(1));
    }

    private static async Task MendAsync(Func<Task<int>> compare, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested) await compare();
    }

    /// <summary>Puts older items in the place of what one member holds, as a write that comes too late does: of every second key on the one, of the others on the other.</summary>
    private static async Task SpoilAsync(RawClient member, int parity, Random random, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var key = $"w{random.Next(Writers)}-{(random.Next(KeysOfAWriter / 2) * 2) + parity}";
            var held = await member.LineAsync($"mg {key} c\r\n", Token);
            if (held.StartsWith("HD c", StringComparison.Ordinal) && ulong.Parse(held[4..]) is var version && version % UnorderedWriter.VersionStep == 0)
                await member.LineAsync($"ms {key} 5 C{version} E{version - 2}\r\nstale\r\n", Token);
            await Task.Delay(random.Next(20), Token);
        }
    }

    // What is taken away because it changed while it was mended is a miss.
    private static void AssertSound(List<UnorderedWriter> writers, Dictionary<string, StoredItem> held)
    {
        var written = writers.SelectMany(writer => writer.Written).ToDictionary(entry => entry.Key, entry => entry.Value);
        foreach (var (key, item) in held)
        {
            Assert.True(written[key] is not null, $"{key} came back: {item}");
            Assert.Equal(written[key]! with { Expiry = 0 }, item with { Expiry = 0 });
            var (expected, actual) = (written[key]!.Expiry, item.Expiry);
            Assert.True((expected < 0) == (actual < 0) && Math.Abs(expected - actual) <= ExpiryToleranceSeconds, $"{key} expires at {actual}, not {expected}");
        }

        var live = written.Values.Count(item => item is not null);
        Assert.InRange(held.Count, live * 9 / 10, live);
    }
}
