using System.Diagnostics;
using CacheOperator.Integration.Tests.Proxy;
using CacheOperator.Topology;

namespace CacheOperator.Integration.Tests.Reconciliation;

/// <summary>A whole proxy that compares its members by itself.</summary>
public sealed class ReconcilerTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>So many that a listing takes seconds.</summary>
    private const int ManyKeys = 300_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Members_are_compared_again_and_again_at_the_pace_that_was_set()
    {
        await using var fleet = await ProxyFleet.StartAsync(
            Token, settings: s => s with { CompareInterval = Interval, HintWindow = TimeSpan.FromMilliseconds(100), MemberTimeout = 500, HedgeDelay = 100 });
        var began = Stopwatch.StartNew();
        for (var member = 0; member < 3; member++)
        {
            using var connection = await fleet.ConnectToMemberAsync(member, Token);
            Assert.Equal("HD", await connection.LineAsync($"ms k 1 E{1000 + (2 * member)}\r\n{member}\r\n", Token));
        }

        await ProxyFleet.WaitAsync(async () => (await fleet.CopiesAsync("k", Token)).All(copy => copy.Contains("c1004", StringComparison.Ordinal)), "the members agree", Token);
        Assert.True(began.Elapsed > Interval / 2, $"{began.Elapsed}");
        await ProxyFleet.WaitAsync(async () => (await ScrapeAsync(fleet))["cacheproxy_comparisons_total"] >= 6, "compared twice", Token);
        Assert.True(began.Elapsed > Interval, $"{began.Elapsed}");
        var metrics = await ScrapeAsync(fleet);
        Assert.InRange(metrics["cacheproxy_divergent_keys_total"], 2, 3);
        Assert.Equal(metrics["cacheproxy_divergent_keys_total"], metrics["cacheproxy_healed_keys_total"]);
    }

    [Fact]
    public async Task A_comparison_that_is_not_wanted_any_more_ends_and_lets_the_crawler_go()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token, settings: s => s with { CompareInterval = TimeSpan.FromMilliseconds(200) });
        using var member = await fleet.ConnectToMemberAsync(0, Token);
        await member.AskAsync(string.Concat(Enumerable.Range(0, ManyKeys).Select(i => $"ms key-{i:D12} 1 q\r\nx\r\n")) + "mn\r\n", "MN\r\n", Token);
        await ProxyFleet.WaitAsync(() => CrawlsAsync(member), "the member is listed", Token);
        var before = await ScrapeAsync(fleet);

        await fleet.ApplyAsync(1, m => m with { State = MemberState.Warming, Epoch = 2 }, Token);
        await fleet.ApplyAsync(d => d with { Copies = [new CopyAssignment { Id = "c", Proxy = "somebody else", Source = d.Members[0].Uid, Target = d.Members[1].Uid }] }, Token);
        await ProxyFleet.WaitAsync(
            async () => (await ScrapeAsync(fleet))["cacheproxy_comparison_failures_total"] > before["cacheproxy_comparison_failures_total"], "the comparison has been ended", Token);
        await ProxyFleet.WaitAsync(async () => !await CrawlsAsync(member), "the crawler is free", Token);
        Assert.Equal(before["cacheproxy_comparisons_total"], (await ScrapeAsync(fleet))["cacheproxy_comparisons_total"]);
    }

    private static async Task<bool> CrawlsAsync(RawClient member) => (await member.AskAsync("stats\r\n", "END\r\n", Token)).Contains("lru_crawler_running 1", StringComparison.Ordinal);

    private static async Task<PrometheusText> ScrapeAsync(ProxyFleet fleet)
    {
        using var http = new HttpClient();
        return new PrometheusText(await http.GetStringAsync(new Uri($"http://{fleet.Proxy.Admin.MetricsEndPoint}/metrics"), Token));
    }
}
