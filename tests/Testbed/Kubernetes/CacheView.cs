using System.Net;
using System.Text;
using CacheOperator.Topology;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace CacheOperator.Testbed.Kubernetes;

/// <summary>Looks at one <c>ReplicatedCache</c> and at what belongs to it.</summary>
public sealed class CacheView(IKubernetes api, string @namespace, string name)
{
    public const int MemcachedPort = 11211;

    public string Namespace => @namespace;

    public string Name => name;

    /// <summary>The cache; null when there is none.</summary>
    public async Task<CacheResource?> GetAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await api.CustomObjects.GetNamespacedCustomObjectAsync<CacheResource>(
                "cacheoperator.dev", "v1alpha1", @namespace, "replicatedcaches", name, cancellationToken: cancellationToken);
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    public Task<IReadOnlyList<V1Pod>> MembersAsync(CancellationToken cancellationToken) => PodsAsync("memcached", cancellationToken);

    public Task<IReadOnlyList<V1Pod>> ProxiesAsync(CancellationToken cancellationToken) => PodsAsync("proxy", cancellationToken);

    /// <summary>The routing document that the operator gave to the proxies.</summary>
    public async Task<TopologyDocument> TopologyAsync(CancellationToken cancellationToken)
    {
        var map = await api.CoreV1.ReadNamespacedConfigMapAsync($"{name}-topology", @namespace, cancellationToken: cancellationToken);
        return TopologyJson.ReadTopology(Encoding.UTF8.GetBytes(map.Data["topology.json"]));
    }

    /// <summary>Events of the cache and of its pods, oldest first.</summary>
    public async Task<IReadOnlyList<Corev1Event>> EventsAsync(CancellationToken cancellationToken)
    {
        var events = await api.CoreV1.ListNamespacedEventAsync(@namespace, cancellationToken: cancellationToken);
        return [.. events.Items
            .Where(e => e.InvolvedObject.Name == name || e.InvolvedObject.Name.StartsWith($"{name}-", StringComparison.Ordinal))
            .OrderBy(e => e.LastTimestamp ?? e.EventTime ?? e.Metadata.CreationTimestamp)];
    }

    /// <summary>Waits until the operator says that all of it is ready.</summary>
    public Task<TimeSpan> WaitUntilReadyAsync(TimeSpan deadline, CancellationToken cancellationToken) =>
        Wait.UntilAsync($"{name} is Ready", deadline, async () =>
        {
            var cache = await GetAsync(cancellationToken);
            return cache is null ? "it does not exist" : cache.IsReady ? null : cache.ToString();
        }, cancellationToken);

    /// <summary>Waits until the operator gives a reason for a condition, of the newest spec.</summary>
    public Task<TimeSpan> WaitForAsync(string condition, string reason, TimeSpan deadline, CancellationToken cancellationToken) =>
        Wait.UntilAsync($"{condition} of {name} has the reason {reason}", deadline, async () =>
        {
            var cache = await GetAsync(cancellationToken);
            return cache is null ? "it does not exist"
                : cache.Status.ObservedGeneration == cache.Metadata.Generation && cache.Reason(condition) == reason ? null
                : cache.ToString();
        }, cancellationToken);

    /// <summary>Waits until none of its pods is left.</summary>
    public Task<TimeSpan> WaitUntilGoneAsync(TimeSpan deadline, CancellationToken cancellationToken) =>
        Wait.UntilAsync($"the pods of {name} are gone", deadline, async () =>
        {
            V1Pod[] left = [.. await MembersAsync(cancellationToken), .. await ProxiesAsync(cancellationToken)];
            return left.Length == 0 ? null : $"left: {string.Join(", ", left.Select(pod => pod.Metadata.Name))}";
        }, cancellationToken);

    private async Task<IReadOnlyList<V1Pod>> PodsAsync(string component, CancellationToken cancellationToken)
    {
        var pods = await api.CoreV1.ListNamespacedPodAsync(
            @namespace,
            labelSelector: $"cacheoperator.dev/cache={name},app.kubernetes.io/component={component}",
            cancellationToken: cancellationToken);
        return [.. pods.Items.OrderBy(pod => pod.Metadata.Name, StringComparer.Ordinal)];
    }
}
