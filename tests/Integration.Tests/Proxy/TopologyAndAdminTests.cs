using System.Net;
using System.Net.Http.Headers;
using CacheOperator.Proxy;
using CacheOperator.Proxy.Configuration;
using CacheOperator.Topology;

namespace CacheOperator.Integration.Tests.Proxy;

public sealed class TopologyAndAdminTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("proxy-tests-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Before_the_first_topology_every_command_is_an_error_and_the_proxy_is_not_ready()
    {
        await using var proxy = await StartAsync();
        using var client = await RawClient.ConnectAsync(proxy.EndPoint, Token);
        using var http = new HttpClient();

        Assert.Equal("SERVER_ERROR no topology", await client.LineAsync("get k\r\n", Token));
        Assert.Equal("SERVER_ERROR no topology", await client.LineAsync("set k 0 0 1\r\nx\r\n", Token));
        using var ready = await http.GetAsync(new Uri($"http://{proxy.Admin.MetricsEndPoint}/readyz"), Token);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal("no topology\n", await ready.Content.ReadAsStringAsync(Token));
        using var alive = await http.GetAsync(new Uri($"http://{proxy.Admin.MetricsEndPoint}/healthz"), Token);
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
    }

    [Fact]
    public async Task The_admin_api_takes_newer_documents_of_its_cache_from_whoever_has_the_token()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token);
        var tokenFile = Path.Combine(_folder.FullName, "token");
        await File.WriteAllTextAsync(tokenFile, "first\n", Token);
        await using var proxy = await StartAsync(s => s with { AdminTokenFile = tokenFile });

        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(proxy, HttpMethod.Get, AdminApi.StatusPath, null, null)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(proxy, HttpMethod.Get, AdminApi.StatusPath, "wrong", null)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(proxy, HttpMethod.Get, AdminApi.TopologyPath, "first", null)).Status);

        var (status, body) = await SendAsync(proxy, HttpMethod.Put, AdminApi.TopologyPath, "first", TopologyJson.Write(fleet.Document with { Generation = 5 }));
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(5, TopologyJson.ReadStatus(body).Generation);

        (status, body) = await SendAsync(proxy, HttpMethod.Put, AdminApi.TopologyPath, "first", TopologyJson.Write(fleet.Document with { Generation = 4, Members = [] }));
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(5, TopologyJson.ReadStatus(body).Generation);
        Assert.Equal(3, TopologyJson.ReadTopology((await SendAsync(proxy, HttpMethod.Get, AdminApi.TopologyPath, "first", null)).Body).Members.Count);

        Assert.Equal(HttpStatusCode.Conflict, (await SendAsync(proxy, HttpMethod.Put, AdminApi.TopologyPath, "first", TopologyJson.Write(fleet.Document with { Generation = 6, Cache = "other/one" }))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(proxy, HttpMethod.Put, AdminApi.TopologyPath, "first", "{}"u8.ToArray())).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(proxy, HttpMethod.Put, AdminApi.TopologyPath, "first", TopologyJson.Write(fleet.Document with { Generation = 6, Shards = 0 }))).Status);

        await File.WriteAllTextAsync(tokenFile, "second", Token);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(proxy, HttpMethod.Get, AdminApi.StatusPath, "first", null)).Status);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(proxy, HttpMethod.Get, AdminApi.StatusPath, "second", null)).Status);
    }

    [Fact]
    public async Task Without_a_token_file_the_admin_api_refuses_everybody()
    {
        await using var proxy = await StartAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(proxy, HttpMethod.Get, AdminApi.StatusPath, "", null)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(proxy, HttpMethod.Get, AdminApi.StatusPath, "any", null)).Status);
    }

    [Fact]
    public async Task A_proxy_that_does_not_know_its_zone_is_ready_and_serves()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token, settings: s => s with { Zone = null });
        using var client = await fleet.ConnectAsync(Token);

        Assert.Null(fleet.Proxy.Reporter.NotReadyReason());
        Assert.Equal("STORED", await client.LineAsync("set k 0 0 1\r\nx\r\n", Token));
        const string Answer = "VALUE k 0 1\r\nx\r\nEND\r\n";
        await client.SendAsync("get k\r\n", Token);
        Assert.Equal(Answer, await client.ReadAsync(Answer.Length, Token));
    }

    [Fact]
    public async Task The_topology_file_is_followed_through_the_links_of_a_mounted_ConfigMap()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token);
        WriteMount("v1", fleet.Document with { Generation = 7 });
        await using var proxy = await StartAsync(s => s with { TopologyFile = Path.Combine(_folder.FullName, "topology.json") });
        await ProxyFleet.WaitAsync(() => proxy.Reporter.Status().Generation == 7, "the first file applied", Token);

        File.WriteAllText(Path.Combine(WriteMount("broken", fleet.Document), "topology.json"), "{");
        WriteMount("v2", fleet.Document with { Generation = 8 });

        await ProxyFleet.WaitAsync(() => proxy.Reporter.Status() is { Generation: 8, Ready: true }, "the second file applied", Token);
    }

    [Fact]
    public async Task Topology_changes_under_load_fail_no_request()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token, shards: 2);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var load = Task.Run(async () =>
        {
            using var client = await fleet.ConnectAsync(Token);
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                var key = $"k{i % 50}";
                var expected = $"STORED\r\nVALUE {key} 0 6\r\n{i % 1000000:000000}\r\nEND\r\n";
                await client.SendAsync($"set {key} 0 0 6\r\n{i % 1000000:000000}\r\nget {key}\r\n", Token);
                Assert.Equal(expected, await client.ReadAsync(expected.Length, Token));
            }
        }, Token);

        for (var round = 0; round < 20; round++)
        {
            var member = round % 3;
            await fleet.ApplyAsync(member, m => m with { State = MemberState.Draining }, Token);
            var removed = fleet.Document.Members[member];
            await fleet.ApplyAsync(d => d with { Members = [.. d.Members.Where(m => m.Uid != removed.Uid)] }, Token);
            await fleet.ApplyAsync(d => d with { Members = [.. d.Members.Take(member), removed with { State = MemberState.Warming, Epoch = removed.Epoch + 1 }, .. d.Members.Skip(member)] }, Token);
            await fleet.ApplyAsync(member, m => m with { State = MemberState.Ready }, Token);
        }

        await stop.CancelAsync();
        await load;
        Assert.All(fleet.Proxy.Reporter.Status().Members, m => Assert.Equal(0, m.MissedWrites));
    }

    [Fact]
    public async Task A_proxy_that_shuts_down_answers_what_is_under_way_and_then_closes()
    {
        await using var fleet = await ProxyFleet.StartAsync(Token, settings: s => s with { MemberTimeout = 5000, DrainTimeout = TimeSpan.FromSeconds(20) });
        using var idle = await fleet.ConnectAsync(Token);
        using var busy = await fleet.ConnectAsync(Token);
        await busy.LineAsync("set k 0 0 1\r\nx\r\n", Token);
        foreach (var member in fleet.Members) await member.Process.SignalAsync("STOP", Token);
        await busy.SendAsync("get k\r\n", Token);
        await ProxyFleet.WaitAsync(() => fleet.Proxy.Reporter.Status().Traffic.Reads == 1, "the read under way", Token);

        var draining = fleet.Proxy.DrainAsync(Token);
        Assert.Equal("shutting down", fleet.Proxy.Reporter.NotReadyReason());
        Assert.Equal("", await idle.ReadToEndAsync(Token));
        Assert.False(draining.IsCompleted);
        foreach (var member in fleet.Members) await member.Process.SignalAsync("CONT", Token);

        Assert.Equal("VALUE k 0 1\r\nx\r\nEND\r\n", await busy.ReadToEndAsync(Token));
        await draining;
    }

    private static async Task<ProxyServer> StartAsync(Func<ProxySettings, ProxySettings>? change = null)
    {
        var free = new IPEndPoint(IPAddress.Loopback, 0);
        var settings = new ProxySettings { Listen = free, AdminListen = free, MetricsListen = free, Name = "proxy-0", Zone = "a" };
        var proxy = ProxyFleet.CreateProxy(change?.Invoke(settings) ?? settings);
        await proxy.StartAsync(Token);
        return proxy;
    }

    private static async Task<(HttpStatusCode Status, byte[] Body)> SendAsync(ProxyServer proxy, HttpMethod method, string path, string? token, byte[]? content)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(method, new Uri($"http://{proxy.Admin.AdminEndPoint}{path}"));
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (content is not null) request.Content = new ByteArrayContent(content);
        using var response = await http.SendAsync(request, Token);
        return (response.StatusCode, await response.Content.ReadAsByteArrayAsync(Token));
    }

    // topology.json -> ..data/topology.json, ..data -> VERSION: the last link is swapped.
    private string WriteMount(string version, TopologyDocument document)
    {
        var target = _folder.CreateSubdirectory(version).FullName;
        File.WriteAllBytes(Path.Combine(target, "topology.json"), TopologyJson.Write(document));
        var data = Path.Combine(_folder.FullName, "..data");
        if (Directory.Exists(data)) Directory.Delete(data);
        Directory.CreateSymbolicLink(data, target);
        var link = Path.Combine(_folder.FullName, "topology.json");
        if (!File.Exists(link)) File.CreateSymbolicLink(link, Path.Combine("..data", "topology.json"));
        return target;
    }
}
