using CacheOperator.Provisioning.Processes;
using CacheOperator.Testbed;
using CacheOperator.Testbed.Kubernetes;
using CacheOperator.Testbed.Load;
using k8s;
using k8s.Models;

namespace CacheOperator.ClusterTests.Setup;

/// <summary>
/// A scenario has a namespace of its own, which is removed after it. When it fails, what the cluster looked like is left in
/// <c>artifacts/e2e/SCENARIO/</c>.
/// </summary>
public abstract class Scenario(ClusterFixture cluster) : IAsyncLifetime
{
    protected static readonly TimeSpan ReadyDeadline = TimeSpan.FromSeconds(120);

    private readonly List<string> _stoppedNodes = [];
    private readonly List<string> _cordonedNodes = [];
    private RunningLoad? _load;

    protected ClusterFixture Cluster { get; } = cluster;

    protected IKubernetes Api => Cluster.Api;

    protected KubectlClient Kubectl => Cluster.Kubectl;

    protected PodReach Reach { get; } = new(cluster.Kubectl);

    protected string Namespace { get; private set; } = string.Empty;

    protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string Name => GetType().Name;

    private string Artifacts => Path.Combine(Repository.Folder, "artifacts", "e2e", Name);

    public async ValueTask InitializeAsync()
    {
        Namespace = $"{string.Concat(Name.Select(c => char.IsUpper(c) ? $"-{char.ToLowerInvariant(c)}" : $"{c}")).Trim('-')}-{Guid.NewGuid().ToString()[..4]}";
        await Api.CoreV1.CreateNamespaceAsync(new V1Namespace { Metadata = new V1ObjectMeta { Name = Namespace } }, cancellationToken: Cancelled);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        try
        {
            if (TestContext.Current.TestState?.Result == TestResult.Failed) await Evidence.SaveAsync(Kubectl, Namespace, Artifacts, patience.Token);
            if (_load is not null) await _load.DisposeAsync();
            await Reach.DisposeAsync();
        }
        finally
        {
            await RestoreAsync(patience.Token);
        }
    }

    /// <summary>Creates <c>sessions</c> with the given spec (flow style YAML) and waits until it is Ready.</summary>
    protected async Task<CacheView> CreateCacheAsync(string spec = "{}")
    {
        var applied = await ApplyCacheAsync(spec);
        Assert.True(applied.Succeeded, applied.Error);
        var cache = new CacheView(Api, Namespace, "sessions");
        await cache.WaitUntilReadyAsync(ReadyDeadline, Cancelled);
        return cache;
    }

    protected Task<CommandResult> ApplyCacheAsync(string spec) => Kubectl.ApplyAsync(
        $$"""
        apiVersion: cacheoperator.dev/v1alpha1
        kind: ReplicatedCache
        metadata: { name: sessions }
        spec: {{spec}}
        """, Namespace, Cancelled);

    /// <summary>A client of all proxies that are not on <paramref name="exceptNode"/>.</summary>
    protected async Task<LoadClient> ClientAsync(CacheView cache, string? exceptNode = null, string? zone = null)
    {
        var topology = await cache.TopologyAsync(Cancelled);
        var endpoints = new List<string>();
        foreach (var proxy in await cache.ProxiesAsync(Cancelled))
        {
            if (proxy.Spec.NodeName == exceptNode || (zone is not null && topology.Nodes[proxy.Spec.NodeName] != zone)) continue;
            endpoints.Add(await Reach.OpenAsync(proxy, CacheView.MemcachedPort, Cancelled));
        }

        Assert.NotEmpty(endpoints);
        return new LoadClient(endpoints) { Prefix = "e2e", Keys = 20_000, TimesToLive = [0, 300, 3600, 86400], Rate = 1000 };
    }

    /// <summary>Starts reading; ends with the scenario.</summary>
    protected RunningLoad StartLoad(LoadClient client) => _load = client.Start(Path.Combine(Artifacts, "load.jsonl"));

    protected async Task StopNodeAsync(string node)
    {
        _stoppedNodes.Add(node);
        await Cluster.Nodes.StopNodeAsync(node, Cancelled);
    }

    protected async Task CordonAsync(string node)
    {
        _cordonedNodes.Add(node);
        await Kubectl.RunAsync(Cancelled, "cordon", node);
    }

    protected async Task UncordonAsync(string node)
    {
        await Kubectl.RunAsync(Cancelled, "uncordon", node);
        _cordonedNodes.Remove(node);
    }

    protected Task WaitForNodeAsync(string node, bool ready, CancellationToken cancellationToken) =>
        Wait.UntilAsync($"node {node} is {(ready ? "Ready" : "NotReady")}", TimeSpan.FromSeconds(90), async () =>
        {
            var found = await Api.CoreV1.ReadNodeAsync(node, cancellationToken: cancellationToken);
            var status = found.Status.Conditions.FirstOrDefault(c => c.Type == "Ready")?.Status;
            return status == "True" == ready ? null : $"its Ready is {status}";
        }, cancellationToken);

    private async Task RestoreAsync(CancellationToken cancellationToken)
    {
        foreach (var node in _cordonedNodes) await Kubectl.RunAsync(cancellationToken, "uncordon", node);
        foreach (var node in _stoppedNodes) await Cluster.Nodes.StartNodeAsync(node, cancellationToken);
        foreach (var node in _stoppedNodes) await WaitForNodeAsync(node, ready: true, cancellationToken);

        // Proxies take their time to leave clients in peace; the next scenario need not wait for that.
        await Kubectl.RunAsync(cancellationToken, "delete", "namespace", Namespace, "--wait=false");
    }

    /// <summary>No get failed or answered wrongly, and no write failed.</summary>
    protected static void AssertNoErrors(LoadReport report)
    {
        Assert.True(report.Gets > 0, $"no traffic: {report}");
        Assert.True(report is { GetErrors: 0, Wrong: 0, WriteErrors: 0 }, report.ToString());
    }

    /// <summary>No client noticed anything: no error, no wrong value, no miss.</summary>
    protected static void AssertUndisturbed(LoadReport report)
    {
        AssertNoErrors(report);
        Assert.True(report.Misses == 0, report.ToString());
    }
}
