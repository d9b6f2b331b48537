using System.Text.RegularExpressions;
using CacheOperator.Provisioning.Publishing;

namespace CacheOperator.Integration.Tests.Proxy;

public sealed partial class MetricsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Metrics_are_what_a_scraper_takes_and_count_what_clients_did()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token, settings: s => s with { Loops = 2 }, document: d => d with { Members = [.. d.Members.Select((m, i) => m with { Name = $"member \"{i}\" \\" })] });
        using (var client = await fleet.ConnectAsync(Token))
        {
            await client.AskAsync("set k 0 0 1\r\nx\r\nget k miss\r\ngets k\r\nmg k v\r\nms k 1\r\ny\r\nincr k 1\r\ndelete k\r\nnonsense\r\nmn\r\n", "MN\r\n", Token);
            for (var i = 0; i < 100; i++) await client.AskAsync("get k\r\n", "END\r\n", Token);
        }

        var metrics = await ScrapeAsync(fleet);
        Assert.Equal(101, metrics["cacheproxy_commands_total{command=\"get\"}"]);
        foreach (var command in (string[])["set", "gets", "mg", "ms", "incr", "delete", "mn", "other"]) Assert.Equal(1, metrics[$"cacheproxy_commands_total{{command=\"{command}\"}}"]);
        Assert.Equal(104, metrics["cacheproxy_reads_total"]);
        Assert.Equal(3, metrics["cacheproxy_hits_total"]);
        Assert.Equal(4, metrics["cacheproxy_writes_total"]);
        Assert.Equal(2, metrics["cacheproxy_event_loops"]);
        Assert.Equal(1, metrics["cacheproxy_client_errors_total"]);
        Assert.Equal(1, metrics["cacheproxy_connections_accepted_total"]);
        Assert.InRange(metrics["cacheproxy_request_duration_seconds_count"], 1, 10);
        Assert.InRange(metrics["cacheproxy_request_duration_seconds_sum"], 0.000001, 60);
        Assert.Equal(1, metrics["cacheproxy_member_reachable{member=\"member \\\"0\\\" \\\\\",zone=\"a\",shard=\"0\"}"]);
        Assert.True(metrics["process_resident_memory_bytes"] > 1 << 20);
        Assert.True(metrics["process_cpu_seconds_total"] > 0);
        await ProxyFleet.WaitAsync(() => fleet.Proxy.Workers.All(w => w.Memory.Requests == 0 && w.Loop.Buffers.Rented == 0), "nothing held", Token);
        metrics = await ScrapeAsync(fleet);
        Assert.Equal(0, metrics["cacheproxy_requests_under_way"]);
        Assert.Equal(0, metrics["cacheproxy_held_bytes"]);
        Assert.Equal(0, metrics["cacheproxy_connections"]);
    }

    [Fact]
    public async Task What_the_page_says_to_watch_is_there()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token);
        var page = await File.ReadAllTextAsync(Path.Combine(RepositoryRoot.Find(), "docs", "monitoring.md"), Token);
        var named = NameInThePage().Matches(page).Select(match => match.Value).Distinct().ToList();
        Assert.InRange(named.Count, 10, 100);
        var served = await ReadAsync(fleet);
        Assert.All(named, name => Assert.Contains($"\n{name}", served, StringComparison.Ordinal));
    }

    [GeneratedRegex("cacheproxy_[a-z_]+")]
    private static partial Regex NameInThePage();

    private static async Task<PrometheusText> ScrapeAsync(ProxyFleet fleet) => new(await ReadAsync(fleet));

    private static async Task<string> ReadAsync(ProxyFleet fleet)
    {
        using var http = new HttpClient();
        return await http.GetStringAsync(new Uri($"http://{fleet.Proxy.Admin.MetricsEndPoint}/metrics"), Token);
    }
}
