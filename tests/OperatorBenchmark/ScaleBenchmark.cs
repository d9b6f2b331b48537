using System.Diagnostics;
using System.Text.Json.Nodes;
using CacheOperator.Operator.Api;
using CacheOperator.Operator.Resources;
using CacheOperator.Operator.Runtime.Client;
using CacheOperator.Operator.Runtime.Metrics;
using CacheOperator.Operator.Runtime.Watching;
using CacheOperator.Operator.Status;
using CacheOperator.Provisioning;
using CacheOperator.Provisioning.Kubernetes;
using CacheOperator.Provisioning.Publishing;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;

namespace CacheOperator.OperatorBenchmark;

/// <summary>Many caches, from nothing to the steady state, through it, and once more after a restart of the operator.</summary>
internal sealed class ScaleBenchmark(int caches, TimeSpan steady, IProgress<string> progress)
{
    private const string Bystander = "bystander";
    private const string OperatorUser = "operator";
    private const string Reconciles = "cacheoperator_reconcile_total";
    private const string Polls = "cacheoperator_poll_total";
    private static readonly string[] Zones = ["a", "b", "c"];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(15);

    public async Task<ScaleResult> RunAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("cacheoperator-benchmark-");
        try
        {
            await using var server = await ApiServerProcess.StartAsync([Bystander, OperatorUser], audited: true, progress, cancellationToken);
            using var kubernetes = new Kubernetes(new KubernetesClientConfiguration
            {
                Host = server.Url.ToString(), AccessToken = server.TokenOf(Bystander), SkipTlsVerify = true,
            });
            return await RunAsync(server, new ApiClient(new ApiTransport(kubernetes, TimeProvider.System)), folder.FullName, cancellationToken);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task<ScaleResult> RunAsync(ApiServerProcess server, ApiClient client, string folder, CancellationToken cancellationToken)
    {
        await PrepareAsync(client, cancellationToken);
        await using var proxies = new ProxyStandIns();
        await proxies.StartAsync(cancellationToken);
        var pods = new PodStandIns(client, proxies, NodeOf, Zones);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var seen = Informer<ReplicatedCache>(client);
        var sets = Informer<V1StatefulSet>(client);
        var deployments = Informer<V1Deployment>(client);
        Task[] tasks = [seen.RunAsync(stop.Token), sets.RunAsync(stop.Token), deployments.RunAsync(stop.Token), pods.RunAsync(sets, deployments, stop.Token)];

        // None of them ends by itself but by failing.
        var background = Task.WhenAny(tasks).Unwrap();
        try
        {
            await seen.WaitForSyncAsync(cancellationToken);
            ScalePhase first, quiet;
            await using (var process = await OperatorProcess.StartAsync(server, OperatorUser, folder, progress, cancellationToken))
            {
                first = await MeasureAsync(server, process, background, async () =>
                    await UntilAsync(
                        () => Task.FromResult(seen.List().Count(IsReady)), $"caches are Ready", background, cancellationToken));

                // Numbers in the status are refreshed once more, and events go out in their own time.
                await Task.Delay(Settling, cancellationToken);
                progress.Report($"watching the steady state for {steady}");
                quiet = await MeasureAsync(server, process, background, () => Task.Delay(steady, cancellationToken));
                await process.StopAsync(cancellationToken);
            }

            await using var again = await OperatorProcess.StartAsync(server, OperatorUser, folder, progress, cancellationToken);
            var restart = await MeasureAsync(server, again, background, async () =>
                await UntilAsync(
                    async () => (int)await again.MetricAsync(Reconciles, cancellationToken), "reconciles after the restart", background, cancellationToken));
            progress.Report("ending leaders");
            var failover = await new LeaderFailover(name => OperatorProcess.StartAsync(server, OperatorUser, folder, progress, cancellationToken, name))
                .MeasureAsync(again, cancellationToken);
            return new ScaleResult(caches, pods.Pods, server.MinorVersion, first, quiet, restart, failover);
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task PrepareAsync(ApiClient client, CancellationToken cancellationToken)
    {
        var crd = KubernetesYaml.Deserialize<V1CustomResourceDefinition>(
            await File.ReadAllTextAsync(Path.Combine(RepositoryRoot.Find(), "crds", "replicatedcaches.cacheoperator.dev.yaml"), cancellationToken));
        await client.CreateAsync(crd, cancellationToken);
        foreach (var zone in Zones)
            await AddNodeAsync(client, zone, cancellationToken);
        var watch = Stopwatch.StartNew();
        while (!await IsServedAsync(client, cancellationToken))
        {
            if (watch.Elapsed > Patience) throw new ProvisioningException("the API server does not serve ReplicatedCache");
            await Task.Delay(100, cancellationToken);
        }

        progress.Report($"creating {caches} caches");
        await Parallel.ForAsync(0, caches, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellationToken }, async (i, token) =>
            await client.CreateAsync(new ReplicatedCache { Metadata = new V1ObjectMeta { Name = $"cache-{i}", NamespaceProperty = "default" }, Spec = new ReplicatedCacheSpec() }, token));
    }

    private static async Task<bool> IsServedAsync(ApiClient client, CancellationToken cancellationToken)
    {
        try
        {
            await client.ListAsync<ReplicatedCache>("default", null, 1, null, cancellationToken);
            return true;
        }
        catch (ApiException e) when (e.IsNotFound)
        {
            return false;
        }
    }

    private static async Task AddNodeAsync(ApiClient client, string zone, CancellationToken cancellationToken)
    {
        var node = new V1Node { Metadata = new V1ObjectMeta { Name = NodeOf(zone), Labels = new Dictionary<string, string> { [CacheLabels.NodeZone] = zone } } };
        await client.CreateAsync(node, cancellationToken);

        // The server taints new nodes as not ready, and leaves it to a controller to take that back.
        var untainted = new JsonObject { ["spec"] = new JsonObject { ["taints"] = null } };
        await client.PatchAsync<V1Node>(ObjectKey.Of(node), null, PatchFormat.StrategicMerge, untainted, "benchmark", cancellationToken);
        var ready = new JsonObject
        {
            ["status"] = new JsonObject { ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = "True", ["reason"] = "StandIn", ["message"] = "" }) },
        };
        await client.PatchAsync<V1Node>(ObjectKey.Of(node), "status", PatchFormat.StrategicMerge, ready, "benchmark", cancellationToken);
    }

    /// <param name="value">Has to reach the number of caches.</param>
    private async Task UntilAsync(Func<Task<int>> value, string what, Task background, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        var told = TimeSpan.Zero;
        int reached;
        while ((reached = await value()) < caches)
        {
            if (background.IsCompleted) await background;
            if (watch.Elapsed > Patience) throw new ProvisioningException($"{reached} of {caches} {what} after {watch.Elapsed}");
            if (watch.Elapsed - told > TimeSpan.FromSeconds(10))
            {
                told = watch.Elapsed;
                progress.Report($"{reached} of {caches} {what}");
            }

            await Task.Delay(200, cancellationToken);
        }
    }

    private static async Task<ScalePhase> MeasureAsync(ApiServerProcess server, OperatorProcess process, Task background, Func<Task> phase)
    {
        var from = new FileInfo(server.AuditLog).Length;
        var (reconciles, polls) = (await process.MetricAsync(Reconciles, CancellationToken.None), await process.MetricAsync(Polls, CancellationToken.None));
        var (cpu, started) = (process.Cpu, process.Running.Elapsed);
        await phase();
        if (background.IsCompleted) await background;
        return new ScalePhase(
            process.Running.Elapsed - started,
            process.Cpu - cpu,
            process.ResidentBytes,
            process.PeakBytes,
            await process.MetricAsync(Reconciles, CancellationToken.None) - reconciles,
            await process.MetricAsync(Polls, CancellationToken.None) - polls,
            RequestCounts.Read(server.AuditLog, from, OperatorUser));
    }

    private static bool IsReady(ReplicatedCache cache) =>
        cache.Status?.Conditions?.Any(c => c is { Type: ConditionTypes.Ready, Status: "True" }) == true;

    private static string NodeOf(string zone) => $"node-{zone}";

    private static ResourceInformer<T> Informer<T>(ApiClient client)
        where T : class, IKubernetesObject<V1ObjectMeta> => new(
        client, new InformerOptions(), TimeProvider.System, new RuntimeMetrics(Prometheus.Metrics.NewCustomRegistry()), NullLogger<ResourceInformer<T>>.Instance);
}
