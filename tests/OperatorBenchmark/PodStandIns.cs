using System.Text.Json.Nodes;
using System.Threading.Channels;
using CacheOperator.Operator.Resources;
using CacheOperator.Operator.Runtime.Client;
using CacheOperator.Operator.Runtime.Watching;
using k8s;
using k8s.Models;

namespace CacheOperator.OperatorBenchmark;

/// <summary>
/// What controllers, scheduler and kubelets would do: every StatefulSet and Deployment gets its pods, and they are Ready at once.
/// Those of a zone are on the zone's node.
/// </summary>
internal sealed class PodStandIns(ApiClient client, ProxyStandIns proxies, Func<string, string> nodeOf, IReadOnlyList<string> zones)
{
    private const int Workers = 8;

    private readonly Channel<Func<CancellationToken, Task>> _work = Channel.CreateUnbounded<Func<CancellationToken, Task>>();
    private int _pods;

    /// <summary>Pods made so far.</summary>
    public int Pods => _pods;

    /// <summary>Runs until cancelled, or until the API server refuses something.</summary>
    public async Task RunAsync(IResourceCache<V1StatefulSet> sets, IResourceCache<V1Deployment> deployments, CancellationToken cancellationToken)
    {
        using var one = sets.Subscribe(change =>
        {
            if (change is { Type: ResourceChangeType.Added, New: { } set }) _work.Writer.TryWrite(token => FillAsync(set, token));
        });
        using var other = deployments.Subscribe(change =>
        {
            if (change is { Type: ResourceChangeType.Added, New: { } deployment }) _work.Writer.TryWrite(token => FillAsync(deployment, token));
        });
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => WorkAsync(failed)));
    }

    private async Task WorkAsync(CancellationTokenSource stop)
    {
        try
        {
            await foreach (var work in _work.Reader.ReadAllAsync(stop.Token))
                await work(stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
        catch
        {
            await stop.CancelAsync();
            throw;
        }
    }

    private async Task FillAsync(V1StatefulSet set, CancellationToken cancellationToken)
    {
        for (var i = 0; i < set.Spec.Replicas; i++)
            await RunAsync($"{set.Metadata.Name}-{i}", set, set.Spec.Template, nodeOf(set.Metadata.Labels[CacheLabels.Zone]), cancellationToken);
        await PatchStatusAsync<V1StatefulSet>(ObjectKey.Of(set), new JsonObject
        {
            ["observedGeneration"] = set.Metadata.Generation,
            ["replicas"] = set.Spec.Replicas,
            ["readyReplicas"] = set.Spec.Replicas,
            ["currentRevision"] = "r",
            ["updateRevision"] = "r",
        }, cancellationToken);
    }

    private async Task FillAsync(V1Deployment deployment, CancellationToken cancellationToken)
    {
        for (var i = 0; i < deployment.Spec.Replicas; i++)
            await RunAsync($"{deployment.Metadata.Name}-{i}", deployment, deployment.Spec.Template, nodeOf(zones[i % zones.Count]), cancellationToken);
        await PatchStatusAsync<V1Deployment>(ObjectKey.Of(deployment), new JsonObject
        {
            ["observedGeneration"] = deployment.Metadata.Generation,
            ["replicas"] = deployment.Spec.Replicas,
            ["updatedReplicas"] = deployment.Spec.Replicas,
            ["readyReplicas"] = deployment.Spec.Replicas,
        }, cancellationToken);
    }

    private async Task RunAsync(string name, IKubernetesObject<V1ObjectMeta> owner, V1PodTemplateSpec template, string node, CancellationToken cancellationToken)
    {
        var spec = KubernetesJson.Deserialize<V1PodSpec>(KubernetesJson.Serialize(template.Spec));
        spec.NodeName = node;
        var pod = new V1Pod
        {
            Metadata = new V1ObjectMeta
            {
                Name = name,
                NamespaceProperty = owner.Metadata.NamespaceProperty,
                Labels = template.Metadata.Labels,
                Annotations = template.Metadata.Annotations,
            },
            Spec = spec,
        };
        await client.CreateAsync(pod, cancellationToken);
        await PatchStatusAsync<V1Pod>(ObjectKey.Of(pod), StandInStatus.OfRunningPod(spec.Containers[0].Name, proxies.NextAddress()), cancellationToken);
        Interlocked.Increment(ref _pods);
    }

    private Task<T> PatchStatusAsync<T>(ObjectKey key, JsonObject status, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        client.PatchAsync<T>(key, "status", PatchFormat.StrategicMerge, new JsonObject { ["status"] = status }, "benchmark", cancellationToken);
}
