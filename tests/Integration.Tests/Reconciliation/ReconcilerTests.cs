using System.Diagnostics;
using CacheOperator.Integration.Tests.Proxy;

namespace CacheOperator.Integration.Tests.Reconciliation;

/// <summary>A whole proxy that compares its members by itself.</summary>
public sealed class ReconcilerTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

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

    private static async Task<PrometheusText> ScrapeAsync(ProxyFleet fleet)
    {
        using var http = new HttpClient();
        return new PrometheusText(await http.GetStringAsync(new Uri($"http://{fleet.Proxy.Admin.MetricsEndPoint}/metrics"), Token));
    }
}
