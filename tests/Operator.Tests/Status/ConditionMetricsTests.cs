using CacheOperator.Operator.Api;
using CacheOperator.Operator.Runtime.Client;
using CacheOperator.Operator.Runtime.Watching;
using CacheOperator.Operator.Status;
using k8s.Models;
using Prometheus;

namespace CacheOperator.Operator.Tests.Status;

public sealed class ConditionMetricsTests
{
    private readonly CollectorRegistry _registry = Prometheus.Metrics.NewCustomRegistry();
    private readonly Caches _caches = new();

    [Fact]
    public async Task The_leader_counts_caches_by_their_conditions_and_nobody_else_does()
    {
        var metrics = new ConditionMetrics(_registry, _caches);
        _caches.Held = [Cache(("Ready", "True")), Cache(("Ready", "True"), ("UpdateAvailable", "True")), Cache(("Ready", "False")), new()];
        Assert.DoesNotContain("cacheoperator_caches{", await ScrapeAsync(), StringComparison.Ordinal);

        using var term = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var leading = metrics.RunAsync(term.Token);
        AssertLine("Ready", "True", 2, await ScrapeAsync());
        AssertLine("Ready", "False", 1, await ScrapeAsync());
        AssertLine("UpdateAvailable", "True", 1, await ScrapeAsync());

        _caches.Held = [Cache(("Ready", "True"))];
        AssertLine("UpdateAvailable", "True", 0, await ScrapeAsync());

        await term.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leading);
        AssertLine("Ready", "True", 0, await ScrapeAsync());
    }

    private static void AssertLine(string type, string status, int count, string metrics) =>
        Assert.Contains($"cacheoperator_caches{{condition=\"{type}\",status=\"{status}\"}} {count}\n", metrics, StringComparison.Ordinal);

    private static ReplicatedCache Cache(params (string Type, string Status)[] conditions) =>
        new() { Status = new() { Conditions = [.. conditions.Select(c => new V1Condition { Type = c.Type, Status = c.Status })] } };

    private async Task<string> ScrapeAsync()
    {
        using var text = new MemoryStream();
        await _registry.CollectAndExportAsTextAsync(text, TestContext.Current.CancellationToken);
        return System.Text.Encoding.UTF8.GetString(text.ToArray());
    }

    private sealed class Caches : IResourceCache<ReplicatedCache>
    {
        public IReadOnlyList<ReplicatedCache> Held { get; set; } = [];

        public bool IsServed => true;

        public ReplicatedCache? Get(ObjectKey key) => throw new NotSupportedException();

        public IReadOnlyCollection<ReplicatedCache> List() => Held;

        public IReadOnlyCollection<ReplicatedCache> List(ObjectKey group) => throw new NotSupportedException();

        public IDisposable Subscribe(Action<ResourceChange<ReplicatedCache>> handler) => throw new NotSupportedException();
    }
}
