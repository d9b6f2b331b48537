using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace CacheOperator.Integration.Tests.Proxy;

/// <summary>
/// Clients that send without reading, in every way that makes the proxy keep something. The number of clients is that of
/// the environment variable CACHEPROXY_TEST_CLIENTS.
/// </summary>
public sealed class MemoryBoundTests
{
    private const long Bound = 256 << 20;
    private const int LargeValue = 100 << 10;

    // Whatever the number of clients and the speed of the machine: those that want little do not wait for all that others want.
    private const long MostOthers = 400_000;
    private static readonly TimeSpan Siege = TimeSpan.FromSeconds(2);
    private static readonly int Clients =
        int.Parse(Environment.GetEnvironmentVariable("CACHEPROXY_TEST_CLIENTS") ?? "1000", CultureInfo.InvariantCulture);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, bool> Attacks => new()
    {
        { "slow readers of large values", Repeat("get large\r\n", 200), false },
        { "floods of tiny pipelines", Repeat("get a\r\n", 5000), false },
        { "lists of very many keys", "get" + Repeat(" a", 400_000) + "\r\n", false },
        { "giant keys", Repeat($"get {new string('k', 300)}\r\nset {new string('k', 300)} 0 0 10\r\n0123456789\r\n", 100), false },
        { "lines without an end", new string('x', 1 << 20), false },
        { "lists without an end", "get " + new string('x', (1 << 20) - 10), true },
        { "stores without an answer", Repeat($"set n 0 0 10000 noreply\r\n{new string('n', 10000)}\r\n", 20), false },
        { "values that never end", $"set half 0 0 1000000\r\n{new string('h', 900_000)}", true },
        { "small values that never end", $"set half 0 0 31000\r\n{new string('h', 30_000)}", true },
        { "quiet counting", Repeat("ma n N0 q\r\n", 5000), false },
    };

    [Theory]
    [MemberData(nameof(Attacks))]
    public async Task Memory_stays_within_bounds_and_others_are_served_during(string attack, string text, bool once)
    {
        Assert.NotEmpty(attack);
        await BesiegeAsync(endPoint => [new HostileClients(endPoint, Clients, text, once)]);
    }

    [Fact]
    public async Task All_of_these_at_once_do_no_more_harm() =>
        await BesiegeAsync(endPoint => [.. Attacks.Select(row => new HostileClients(endPoint, Clients / Attacks.Count, row.Data.Item2, row.Data.Item3))]);

    private static async Task BesiegeAsync(Func<System.Net.IPEndPoint, HostileClients[]> besiegers)
    {
        await using var fleet = await ProxyFleet.StartAsync(Token, proxies: 0);
        await using var proxy = await ProxyProcess.StartAsync(fleet.Document, Token, ["--max-clients", $"{Clients + 100}", "--member-timeout", "20s", "--hedge-delay", "10s"]);
        using var client = await RawClient.ConnectAsync(proxy.EndPoint, Token);
        Assert.Equal("STORED", await client.LineAsync($"set large 0 0 {LargeValue}\r\n{new string('v', LargeValue)}\r\n", Token));
        var hostile = besiegers(proxy.EndPoint);
        try
        {
            var slowest = TimeSpan.Zero;
            var cpu = TimeSpan.Zero;
            var others = new List<long>();
            for (var watch = Stopwatch.StartNew(); watch.Elapsed < Siege;)
            {
                var before = await ServedAsync(client);
                var cpuBefore = proxy.CpuTime();
                var begin = watch.Elapsed;
                var value = watch.ElapsedTicks.ToString(CultureInfo.InvariantCulture);
                Assert.Equal("STORED", await client.LineAsync($"set mine 0 0 {value.Length}\r\n{value}\r\n", Token));
                Assert.Equal(value, await client.GetAsync("mine", Token));
                if (watch.Elapsed - begin > slowest) slowest = watch.Elapsed - begin;
                if (proxy.CpuTime() - cpuBefore > cpu) cpu = proxy.CpuTime() - cpuBefore;
                others.Add(await ServedAsync(client) - before);
            }

            var watchNew = Stopwatch.StartNew();
            using (var newcomer = await RawClient.ConnectAsync(proxy.EndPoint, Token)) Assert.Equal("STORED", await newcomer.LineAsync("set new 0 0 1\r\nn\r\n", Token));

            // Not the most: while this process itself is kept waiting for a processor, others are served for good reason.
            var typical = others.Order().ElementAt(others.Count / 2);

            var metrics = await proxy.MetricsAsync(Token);
            TestContext.Current.SendDiagnosticMessage(
                $"peak {proxy.PeakMemory() >> 20} MB, slowest {slowest.TotalMilliseconds:0} ms, a new one {watchNew.ElapsedMilliseconds} ms, cpu {cpu.TotalMilliseconds:0} ms, others {others.Min()} to {others.Max()}, typically {typical}, closed {hostile.Sum(h => h.Closed)}, slow {metrics["cacheproxy_slow_clients_closed_total"]}");
            Assert.True(proxy.PeakMemory() < Bound, $"{proxy.PeakMemory() >> 20} MB");
            Assert.True(typical < MostOthers, $"{typical} keys of others were asked for while two requests were answered");
        }
        finally
        {
            foreach (var group in hostile) await group.DisposeAsync();
        }
    }

    // Keys that have been asked for by anybody.
    private static async Task<long> ServedAsync(RawClient client)
    {
        var statistics = await client.StatsAsync(Token);
        return new[] { "cmd_get", "cmd_set", "cmd_touch" }.Sum(name => long.Parse(statistics[name], CultureInfo.InvariantCulture));
    }

    private static string Repeat(string text, int times) => new StringBuilder().Insert(0, text, times).ToString();
}
