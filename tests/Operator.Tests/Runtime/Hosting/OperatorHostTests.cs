using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using CacheOperator.Operator.Runtime.Client;
using CacheOperator.Operator.Runtime.Hosting;
using CacheOperator.Operator.Tests.ApiServer;
using CacheOperator.Operator.Tests.Runtime.Support;
using k8s.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CacheOperator.Operator.Tests.Runtime.Hosting;

/// <summary>The whole runtime with a small controller against a real API server.</summary>
[Collection(KubeApiServer.Collection)]
public sealed class OperatorHostTests(KubeApiServer server) : IAsyncLifetime
{
    private readonly List<WebApplication> _hosts = [];
    private readonly HttpClient _http = new();
    private ApiClient _client = null!;
    private string _space = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _client = server.Client;
        _space = await server.NewNamespaceAsync();
        await RemoveDefinitionAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
            await host.DisposeAsync();
        _http.Dispose();
    }

    [Fact]
    public async Task A_controller_creates_repairs_reports_and_gives_the_lease_back()
    {
        await DefineAsync();
        var host = await StartAsync("one");
        await ReadyAsync(host);
        await _client.CreateAsync(Widget(3), Cancellation);
        await MapAsync(map => map?.Data["size"] == "3", "the map");

        var map = (await MapAsync())!;
        map.Data["size"] = "edited";
        await _client.ReplaceAsync(map, Cancellation);
        await MapAsync(live => live?.Data["size"] == "3", "the edit to be put back");
        await _client.DeleteAsync<V1ConfigMap>(ObjectKey.Of(map), new V1DeleteOptions(), Cancellation);
        await MapAsync(live => live is not null && live.Metadata.Uid != map.Metadata.Uid, "the map to be made again");
        await Eventually.TrueAsync(async () => (await WidgetAsync()).Status?.Size == 3, "the status");
        await Eventually.TrueAsync(
            async () => (await _client.ListAsync<Corev1Event>(_space, null, 0, null, Cancellation)).Items.Any(
                written => written.InvolvedObject.Kind == "Widget" && written.Reason == "Created" && written.Count == 2),
            "the event, twice");
        var metrics = await _http.GetStringAsync(Address(host, "/metrics"), Cancellation);
        Assert.Contains("cacheoperator_leader 1", metrics);
        Assert.Contains("cacheoperator_reconcile_total{controller=\"Widget\",result=\"success\"}", metrics);
        Assert.Equal("ok watches\n", await _http.GetStringAsync(Address(host, "/livez"), Cancellation));

        Assert.Equal("one", (await LeaseAsync()).Spec.HolderIdentity);
        await host.StopAsync(Cancellation);
        Assert.Equal("", (await LeaseAsync()).Spec.HolderIdentity ?? "");
    }

    [Fact]
    public async Task A_restart_writes_nothing()
    {
        await DefineAsync();
        var first = await StartAsync("one");
        await _client.CreateAsync(Widget(3), Cancellation);
        await MapAsync(map => map is not null, "the map");
        await Eventually.TrueAsync(async () => (await WidgetAsync()).Status?.Size == 3, "the status");
        await first.StopAsync(Cancellation);
        var map = (await MapAsync())!.Metadata.ResourceVersion;
        var widget = (await WidgetAsync()).Metadata.ResourceVersion;

        var second = await StartAsync("two");
        await Eventually.TrueAsync(
            async () => (await _http.GetStringAsync(Address(second, "/metrics"), Cancellation)).Contains("cacheoperator_reconcile_total{controller=\"Widget\",result=\"success\"}"),
            "a reconcile of the second process");

        Assert.Equal(map, (await MapAsync())!.Metadata.ResourceVersion);
        Assert.Equal(widget, (await WidgetAsync()).Metadata.ResourceVersion);
    }

    [Fact]
    public async Task When_the_leader_stops_the_next_process_reconciles_within_three_seconds()
    {
        await DefineAsync();
        var first = await StartAsync("one");
        await ReadyAsync(first);
        await Eventually.TrueAsync(async () => (await LeaseAsync()).Spec.HolderIdentity == "one", "the first to lead");
        var second = await StartAsync("two");
        await ReadyAsync(second);
        await first.StopAsync(Cancellation);
        var watch = Stopwatch.StartNew();

        await _client.CreateAsync(Widget(3), Cancellation);
        await MapAsync(map => map is not null, "the map");

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task A_client_that_does_not_end_its_request_does_not_keep_the_lease()
    {
        await DefineAsync();
        var host = await StartAsync("one");
        await ReadyAsync(host);
        await Eventually.TrueAsync(async () => (await LeaseAsync()).Spec.HolderIdentity == "one", "it to lead");
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Address(host, "/").Port, Cancellation);
        await client.GetStream().WriteAsync("POST /livez HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n1"u8.ToArray(), Cancellation);
        var watch = Stopwatch.StartNew();

        var stop = host.StopAsync(Cancellation);
        await Eventually.TrueAsync(async () => (await LeaseAsync()).Spec.HolderIdentity is null or "", "the lease to be given back");

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(3));
        client.Close();
        await stop;
    }

    [Fact]
    public async Task Without_its_kind_the_operator_is_alive_but_not_ready_and_says_why_until_the_kind_is_there()
    {
        var host = await StartAsync("one");
        await Eventually.TrueAsync(async () => (await BodyAsync(host, "/readyz")).Contains("Widget is NotServed"), "the reason");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await _http.GetAsync(Address(host, "/readyz"), Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync(Address(host, "/livez"), Cancellation)).StatusCode);

        await DefineAsync();

        await ReadyAsync(host);
    }

    private async Task<WebApplication> StartAsync(string identity)
    {
        var host = OperatorHost.Create(0, builder =>
        {
            builder.Logging.ClearProviders();
            builder.Services.AddSingleton(server.Kubernetes);
            builder.Services.AddOperatorRuntime(options =>
                {
                    options.Namespaces = [_space];
                    options.LeaderElection.Namespace = _space;
                    options.LeaderElection.Identity = identity;
                })
                .AddInformer<V1Widget>(informer => informer.NotServedRetry = TimeSpan.FromSeconds(1))
                .AddController<WidgetController, V1Widget>(widget => widget.Owns<V1ConfigMap>());
        });
        _hosts.Add(host);
        await host.StartAsync(Cancellation);
        return host;
    }

    private static Uri Address(WebApplication host, string path) => new(new Uri(host.Urls.First().Replace("[::]", "127.0.0.1")), path);

    private async Task<string> BodyAsync(WebApplication host, string path)
    {
        using var response = await _http.GetAsync(Address(host, path), Cancellation);
        return await response.Content.ReadAsStringAsync(Cancellation);
    }

    private Task ReadyAsync(WebApplication host) => Eventually.TrueAsync(async () => await BodyAsync(host, "/readyz") == "ok caches\n", "readiness");

    private Task<V1ConfigMap?> MapAsync() => _client.GetAsync<V1ConfigMap>(new ObjectKey(_space, "widget"), Cancellation);

    private Task MapAsync(Func<V1ConfigMap?, bool> condition, string what) => Eventually.TrueAsync(async () => condition(await MapAsync()), what);

    private async Task<V1Widget> WidgetAsync() => (await _client.GetAsync<V1Widget>(new ObjectKey(_space, "widget"), Cancellation))!;

    private async Task<V1Lease> LeaseAsync() =>
        await _client.GetAsync<V1Lease>(new ObjectKey(_space, "cache-operator"), Cancellation) ?? new V1Lease { Spec = new V1LeaseSpec() };

    private V1Widget Widget(int size) => new()
    {
        Metadata = new V1ObjectMeta { NamespaceProperty = _space, Name = "widget" },
        Spec = new WidgetSpec { Size = size },
    };

    private async Task DefineAsync()
    {
        await _client.CreateAsync(WidgetDefinition.Create(), Cancellation);
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    await _client.ListAsync<V1Widget>(_space, null, 0, null, Cancellation);
                    return true;
                }
                catch (ApiException e) when (e.IsNotFound)
                {
                    return false;
                }
            },
            "the kind to be served");
    }

    private async Task RemoveDefinitionAsync()
    {
        var key = ObjectKey.Of(WidgetDefinition.Create());
        if (await _client.GetAsync<V1CustomResourceDefinition>(key, Cancellation) is not null)
            await _client.DeleteAsync<V1CustomResourceDefinition>(key, new V1DeleteOptions(), Cancellation);
        await Eventually.TrueAsync(async () => await _client.GetAsync<V1CustomResourceDefinition>(key, Cancellation) is null, "the old kind to be gone");
    }
}
