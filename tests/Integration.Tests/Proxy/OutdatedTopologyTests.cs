using System.Net;
using System.Text;
using CacheOperator.Integration.Tests.Memcached;
using CacheOperator.Proxy.Topology;
using CacheOperator.Topology;

namespace CacheOperator.Integration.Tests.Proxy;

/// <summary>A proxy that others have left behind notices by itself: members show it.</summary>
public sealed class OutdatedTopologyTests
{
    private const string Outdated = "SERVER_ERROR outdated topology";
    private static readonly string Key = Encoding.ASCII.GetString(ReservedKey.Base64);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_proxy_that_nobody_tells_of_the_newer_topology_serves_nobody_until_it_has_it()
    {
        await using var fleet = await StartAsync(proxies: 1);
        await using var late = await ProxyProcess.StartAsync(fleet.Document, Token, ["--fence-after", "1s"]);
        using var client = await RawClient.ConnectAsync(late.EndPoint, Token);
        using var other = await fleet.ConnectAsync(Token);
        using var http = new HttpClient();
        Assert.Equal("STORED", await client.LineAsync("set k 0 0 1\r\nx\r\n", Token));
        await fleet.ApplyAsync(d => d, Token);

        await UntilAsync("the proxy that was left behind refuses", async () => await client.LineAsync("mn\r\n", Token) == Outdated);
        foreach (var command in new[] { "get k\r\n", "set k 0 0 1\r\ny\r\n", "delete k\r\n", "incr k 1\r\n", "touch k 0\r\n", "mg k v\r\n", "ms k 1\r\ny\r\n", "md k q\r\n", "flush_all\r\n" })
            Assert.Equal(Outdated, await client.LineAsync(command, Token));
        await client.SendAsync("set k 0 0 1 noreply\r\nz\r\n", Token);
        using var ready = await http.GetAsync(new Uri(late.Metrics, "/readyz"), Token);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal("outdated topology: generation 1, others act by 2\n", await ready.Content.ReadAsStringAsync(Token));
        Assert.Equal(1, (await late.MetricsAsync(Token))["cacheproxy_outdated"]);
        Assert.Equal("x", await other.GetAsync("k", Token));

        await late.WriteTopologyAsync(fleet.Document, Token);
        await UntilAsync("it has the newer topology and serves", async () => await client.LineAsync("mn\r\n", Token) == "MN");
        Assert.Equal("x", await client.GetAsync("k", Token));
        Assert.Equal(0, (await late.MetricsAsync(Token))["cacheproxy_outdated"]);
        await UntilAsync("begin and end are told", () => Task.FromResult(Told(4003) > 0));
        Assert.Equal((1, 1), (Told(4002), Told(4003)));

        int Told(int eventId) => late.Log.Split($"\"EventId\":{eventId},").Length - 1;
    }

    [Fact]
    public async Task An_outdated_proxy_copies_nothing()
    {
        await using var fleet = await StartAsync(proxies: 2, document: d => d with
        {
            Members = [.. d.Members.Select((m, i) => i == 2 ? m with { State = MemberState.Warming } : m)],
            Copies = [new CopyAssignment { Id = "1", Proxy = "proxy-1", Source = "uid-0", Target = "uid-2", MaxBytesPerSecond = 1 }],
        });
        var late = fleet.Proxies[1];
        Assert.Single(late.Reporter.Status().Copies);
        await fleet.Proxy.Topology.ApplyAsync(fleet.Document with { Generation = 2 }, Token);

        await ProxyFleet.WaitAsync(() => late.Reporter.Status() is { Outdated: true, NewerGeneration: 2, Copies.Count: 0 }, "outdated, and no copy under way", Token);
        await late.Topology.ApplyAsync(fleet.Document with { Generation = 2 }, Token);
        Assert.True(late.Reporter.Status() is { Outdated: false, NewerGeneration: 0, Copies.Count: 1 });
    }

    [Fact]
    public async Task Proxies_with_the_newest_topology_serve_on_when_members_are_flushed_or_restarted_and_show_it_again()
    {
        await using var fleet = await StartAsync(proxies: 2);
        using var client = await fleet.ConnectAsync(Token);
        var served = true;
        await MarkedAsync(fleet, 1);
        await fleet.ApplyAsync(d => d, Token);
        await MarkedAsync(fleet, 2);
        Assert.Equal("OK", await client.LineAsync("flush_all\r\n", Token));
        await MarkedAsync(fleet, 2);

        foreach (var member in fleet.Members) await member.RestartAsync(Token);
        await fleet.ApplyAsync(d => d with { Members = [.. d.Members.Select(m => m with { Epoch = 2, Incarnation = null })] }, Token);
        await ProxyFleet.WaitAsync(
            () =>
            {
                served &= fleet.Proxies.All(p => !p.Topology.IsOutdated);
                return fleet.Proxies.All(p => p.Reporter.Status().Members.All(m => m.Reachable));
            },
            "restarted members reached",
            Token);
        await fleet.ApplyAsync(d => d with { Members = [.. d.Members.Select((m, i) => m with { Epoch = 3, Incarnation = fleet.Status(i).Incarnation })] }, Token);
        await MarkedAsync(fleet, 4);
        Assert.True(served);

        async Task MarkedAsync(ProxyFleet marked, long generation) => await UntilAsync($"all members show generation {generation}", async () =>
        {
            served &= marked.Proxies.All(p => !p.Topology.IsOutdated);
            return await GenerationsAsync(marked) is [var a, var b, var c] && a == generation && b == generation && c == generation;
        });
    }

    [Fact]
    public async Task A_generation_that_no_proxy_has_any_more_is_shown_no_longer_and_stops_nobody()
    {
        await using var fleet = await StartAsync(proxies: 1);
        await UntilAsync("marked", async () => (await GenerationsAsync(fleet)).All(g => g == 1));
        foreach (var member in Enumerable.Range(0, 3)) await PutAsync(fleet, member, $"0 b T6 E{TopologyMark.VersionOf(fleet.Document.Cache, 9)}");

        await ProxyFleet.WaitAsync(() => fleet.Proxy.Topology.IsOutdated, "outdated", Token);
        Assert.Equal([9, 9, 9], await GenerationsAsync(fleet));
        await ProxyFleet.WaitAsync(() => !fleet.Proxy.Topology.IsOutdated, "no longer outdated", Token);
        await UntilAsync("marked again", async () => (await GenerationsAsync(fleet)).All(g => g == 1));
    }

    [Fact]
    public async Task The_mark_of_a_generation_that_is_in_force_is_renewed_and_shows_in_no_count()
    {
        await using var fleet = await StartAsync(proxies: 1);
        using var client = await fleet.ConnectAsync(Token);
        await client.LineAsync("set k 0 0 1\r\nx\r\n", Token);
        await UntilAsync("marked", async () => (await GenerationsAsync(fleet)).All(g => g == 1));

        // Due to be renewed, and not gone before the test gives up.
        await PutAsync(fleet, 0, $"0 b T39 E{TopologyMark.VersionOf(fleet.Document.Cache, 1)}");

        await UntilAsync("renewed", async () => (await ReadAsync(fleet, 0)).SecondsLeft > TopologyMark.RefreshBelow);
        await ProxyFleet.WaitAsync(() => fleet.Status(0).Statistics is { CurrItems: 1 }, "one item counted", Token);
        using var member = await fleet.ConnectToMemberAsync(0, Token);
        var (direct, counted) = (await member.StatsAsync(Token), fleet.Status(0).Statistics!);
        Assert.Equal("2", direct["curr_items"]);
        Assert.InRange(counted.Bytes, 1, long.Parse(direct["bytes"]) - 1);
        Assert.Equal("0", direct["cmd_get"]);
    }

    [Theory]
    [InlineData("a number of the member's own", "3 b T60", "foo")]
    [InlineData("without an end", "0 b E{0}", "")]
    [InlineData("of another cache", "0 b T60 E{1}", "")]
    [InlineData("nonsense", "0 b T60 E18446744073709551615", "")]
    public async Task What_is_no_mark_of_this_cache_counts_nothing_and_is_replaced(string what, string request, string value)
    {
        await using var fleet = await StartAsync(proxies: 1);
        await UntilAsync("marked", async () => (await GenerationsAsync(fleet)).All(g => g == 1));
        await PutAsync(fleet, 0, string.Format(request, TopologyMark.VersionOf(fleet.Document.Cache, 9), TopologyMark.VersionOf("default/other", 9)), value);

        await UntilAsync($"what is {what} is replaced", async () =>
        {
            Assert.Equal(0, fleet.Proxy.Topology.NewerGeneration);
            return (await GenerationsAsync(fleet))[0] == 1;
        });
    }

    [Fact]
    public async Task Clients_cannot_touch_the_key()
    {
        await using var fleet = await StartAsync(proxies: 1);
        await UntilAsync("marked", async () => (await GenerationsAsync(fleet)).All(g => g == 1));
        using var client = await fleet.ConnectAsync(Token);
        foreach (var command in new[] { $"mg {Key} b v", $"mg {Key} v b T0", $"ms {Key} 1 b\r\nx", $"md {Key} b q", $"ma {Key} b", $"me {Key} b" })
            Assert.Equal("CLIENT_ERROR reserved key", await client.LineAsync(command + "\r\n", Token));
        Assert.Equal([1, 1, 1], await GenerationsAsync(fleet));

        // The same letters as a plain key, and keys beside it, are anybody's.
        Assert.Equal("HD", await client.LineAsync($"ms {Key} 1\r\nx\r\n", Token));
        Assert.Equal("HD", await client.LineAsync($"ms {Convert.ToBase64String([.. ReservedKey.Bytes, 0])} 1 b\r\nx\r\n", Token));
        Assert.Equal("EN", await client.LineAsync($"mg {Convert.ToBase64String(ReservedKey.Bytes[1..])} b v\r\n", Token));
    }

    private static Task<ProxyFleet> StartAsync(int proxies, Func<TopologyDocument, TopologyDocument>? document = null) =>
        ProxyFleet.StartAsync(Token, proxies, s => s with { FenceAfter = TimeSpan.FromSeconds(1) }, document);

    private static Task UntilAsync(string what, Func<Task<bool>> condition) => Deadline.UntilAsync(what, Patience, condition);

    private static async Task<List<long>> GenerationsAsync(ProxyFleet fleet)
    {
        var generations = new List<long>();
        for (var i = 0; i < fleet.Members.Count; i++)
        {
            var (version, secondsLeft) = await ReadAsync(fleet, i);
            generations.Add(TopologyMark.GenerationOf(fleet.Document.Cache, version, secondsLeft));
        }

        return generations;
    }

    private static async Task<(ulong Version, long SecondsLeft)> ReadAsync(ProxyFleet fleet, int member)
    {
        using var client = await fleet.ConnectToMemberAsync(member, Token);
        var words = (await client.LineAsync($"me {Key} b\r\n", Token)).Split(' ');
        return words[0] == "ME" ? (ulong.Parse(words.Single(w => w.StartsWith("cas="))[4..]), long.Parse(words.Single(w => w.StartsWith("exp="))[4..])) : (0, 0);
    }

    private static async Task PutAsync(ProxyFleet fleet, int member, string request, string value = "")
    {
        using var client = await fleet.ConnectToMemberAsync(member, Token);
        Assert.Equal("HD", await client.LineAsync($"ms {Key} {request}\r\n{value}\r\n", Token));
    }
}
