using System.Net;
using System.Text.Json.Nodes;
using CacheOperator.Operator.Runtime.Capabilities;
using CacheOperator.Operator.Tests.Runtime.Support;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;

namespace CacheOperator.Operator.Tests.Runtime.Capabilities;

public sealed class CapabilityMonitorTests : IAsyncLifetime
{
    private readonly Dictionary<string, string> _documents = new()
    {
        ["/version"] = """{"major":"1","minor":"31+","gitVersion":"v1.31.4-x"}""",
        ["/apis"] = """{"groups":[{"name":"policy","versions":[{"groupVersion":"policy/v1","version":"v1"}]},{"name":"metrics.k8s.io","versions":[{"groupVersion":"metrics.k8s.io/v1","version":"v1"}]}]}""",
        ["/api/v1"] = """{"groupVersion":"v1","resources":[{"name":"pods","kind":"Pod"},{"name":"pods/status","kind":"Pod"}]}""",
        ["/apis/policy/v1"] = """{"groupVersion":"policy/v1","resources":[{"name":"poddisruptionbudgets","kind":"PodDisruptionBudget"}]}""",
        ["/apis/metrics.k8s.io/v1"] = """{"groupVersion":"metrics.k8s.io/v1","resources":[{"name":"nodes","kind":"NodeMetrics"}]}""",
    };

    private FakeApiServer _server = null!;
    private CapabilityMonitor _monitor = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await FakeApiServer.StartAsync();
        _server.Document = path => _documents.TryGetValue(path, out var text) ? JsonNode.Parse(text)!.AsObject() : null;
        _monitor = new CapabilityMonitor(_server.Client(), TimeProvider.System, NullLogger<CapabilityMonitor>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        _monitor.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Version_and_kinds_are_read_from_the_server()
    {
        await _monitor.RefreshAsync(TestContext.Current.CancellationToken);

        var known = _monitor.Current;
        Assert.Equal((31, "v1.31.4-x"), (known.Minor, known.GitVersion));
        Assert.True(known.Serves<V1Pod>());
        Assert.True(known.Serves<V1PodDisruptionBudget>());
        Assert.False(known.Serves<V2HorizontalPodAutoscaler>());
        Assert.True(known.TrafficDistribution);
        Assert.False(known.PodTopologyLabels);
    }

    [Fact]
    public async Task Whether_pods_can_be_resized_is_told_by_discovery_and_not_by_the_version()
    {
        await _monitor.RefreshAsync(TestContext.Current.CancellationToken);
        Assert.False(_monitor.Current.ResizesPods);
        _documents["/version"] = """{"major":"1","minor":"33","gitVersion":"v1.33.0"}""";
        await _monitor.RefreshAsync(TestContext.Current.CancellationToken);
        Assert.False(_monitor.Current.ResizesPods);
        _documents["/api/v1"] = """{"groupVersion":"v1","resources":[{"name":"pods","kind":"Pod"},{"name":"pods/resize","kind":"Pod"}]}""";
        await _monitor.RefreshAsync(TestContext.Current.CancellationToken);
        Assert.True(_monitor.Current.ResizesPods);
        Assert.True(_monitor.Current.Serves<V1Pod>());
    }

    [Fact]
    public async Task A_group_that_is_down_keeps_what_was_known_of_it()
    {
        await _monitor.RefreshAsync(TestContext.Current.CancellationToken);
        _server.Fault = request => request.Contains("metrics.k8s.io") ? HttpStatusCode.ServiceUnavailable : null;

        await _monitor.RefreshAsync(TestContext.Current.CancellationToken);

        Assert.True(_monitor.Current.Serves("metrics.k8s.io/v1", "NodeMetrics"));
    }

    [Fact]
    public async Task An_outage_at_the_start_is_waited_out_and_a_later_one_changes_nothing()
    {
        _server.Fault = _ => HttpStatusCode.ServiceUnavailable;
        await _monitor.StartAsync(TestContext.Current.CancellationToken);
        await Eventually.True(() => !_server.Requests.IsEmpty, "a first question");
        Assert.False(_monitor.IsKnown);
        Assert.Throws<InvalidOperationException>(() => _monitor.Current);

        _server.Fault = null;
        await _monitor.WaitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        _server.Fault = _ => HttpStatusCode.ServiceUnavailable;

        Assert.Equal(31, _monitor.Current.Minor);
        await _monitor.StopAsync(TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("20", 20)]
    [InlineData("20+", 20)]
    [InlineData("31.2-gke", 31)]
    [InlineData("", 0)]
    [InlineData(null, 0)]
    public void Minor_versions_are_read_as_servers_write_them(string? text, int minor) =>
        Assert.Equal(minor, ServerCapabilities.ParseMinor(text));
}
