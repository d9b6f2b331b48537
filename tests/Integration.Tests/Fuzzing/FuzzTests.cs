using System.Globalization;
using CacheOperator.Integration.Tests.Memcached;
using CacheOperator.Integration.Tests.Proxy;

namespace CacheOperator.Integration.Tests.Fuzzing;

public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int Clients = 6;
    private const int Rounds = 10;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nonsense_at_the_clients_port_harms_nobody()
    {
        var seed = RandomRun.Seed(output);
        await using var fleet = await ProxyFleet.StartAsync(Token, proxies: 0, shards: 2);

        // A busy test machine must not look like a slow or a lost member.
        await using var proxy = await ProxyProcess.StartAsync(fleet.Document, Token, ["--member-timeout", "20s", "--hedge-delay", "10s", "--loops", "2"]);
        var connections = await MemberConnectionsAsync(fleet);
        var files = proxy.OpenFiles();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var canaries = new[] { new Canary(proxy.EndPoint, "canary-a"), new Canary(proxy.EndPoint, "canary-b") };
        var fuzzers = Enumerable.Range(0, Clients).Select(i => new FuzzClient(proxy.EndPoint, unchecked(seed + i))).ToList();
        List<Task> running = [.. canaries.Select(c => c.RunAsync(stop.Token, Token)), .. fuzzers.Select(f => f.RunAsync(stop.Token, Token))];

        await Task.WhenAny([.. running, LastAsync(canaries)]);
        await stop.CancelAsync();
        await Task.WhenAll(running);

        output.WriteLine($"{fuzzers.Sum(f => f.Connections)} connections of nonsense; {canaries.Sum(c => c.Rounds)} rounds of good clients, the slowest {canaries.Max(c => c.Slowest).TotalMilliseconds:0} ms; {proxy.PeakMemory() >> 20} MiB");
        Assert.All(canaries, c => Assert.True(c.Rounds >= Rounds));
        Assert.DoesNotContain("\"LogLevel\":\"Error\"", proxy.Log, StringComparison.Ordinal);
        Assert.True(proxy.PeakMemory() < 256L << 20, $"{proxy.PeakMemory()} bytes");
        await Deadline.UntilAsync("every client is gone", Deadline.Patience, async () => (await proxy.MetricsAsync(Token))["cacheproxy_connections"] == 0);
        await Deadline.UntilAsync("every descriptor is closed", Deadline.Patience, () => Task.FromResult(proxy.OpenFiles() <= files + 2), () => $"{proxy.OpenFiles()}, at first {files}");

        // Not one of the members' connections was out of step and made anew; one more is this question's.
        Assert.Equal(connections.Select(c => c + 1), await MemberConnectionsAsync(fleet));
        Assert.Equal(0, (await proxy.MetricsAsync(Token))["cacheproxy_missed_writes_total"]);
    }

    private static async Task LastAsync(Canary[] canaries)
    {
        await Task.Delay(RandomRun.Length(5), Token);
        await Deadline.UntilAsync("good clients are served", Deadline.Patience, () => Task.FromResult(canaries.All(c => c.Rounds >= Rounds)));
    }

    private static async Task<List<long>> MemberConnectionsAsync(ProxyFleet fleet)
    {
        var counts = new List<long>();
        foreach (var member in fleet.Members)
        {
            using var client = await RawClient.ConnectAsync(member.EndPoint, Token);
            counts.Add(long.Parse((await client.StatsAsync(Token))["total_connections"], CultureInfo.InvariantCulture));
        }

        return counts;
    }
}
