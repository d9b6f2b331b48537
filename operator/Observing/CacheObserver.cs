using CacheOperator.Operator.Api;
using CacheOperator.Operator.Resources;
using CacheOperator.Operator.Runtime.Client;
using CacheOperator.Operator.Runtime.Watching;
using k8s.Models;

namespace CacheOperator.Operator.Observing;

/// <summary>Reads what belongs to a cache from the watched kinds.</summary>
internal sealed class CacheObserver(
    IResourceCache<V1Pod> pods,
    IResourceCache<V1StatefulSet> statefulSets,
    IResourceCache<V1Deployment> deployments,
    IResourceCache<V2HorizontalPodAutoscaler> autoscalers,
    IResourceCache<V1ConfigMap> configMaps,
    IResourceCache<V1Node> nodes)
{
    public CacheObservation Observe(ReplicatedCache cache)
    {
        var @namespace = cache.Metadata.NamespaceProperty;
        var name = cache.Metadata.Name;
        var group = new ObjectKey(@namespace, name);
        var ours = pods.List(group)
            .Where(p => !IsOlder(p, cache))
            .Select(p => new ObservedPod(p))
            .OrderBy(p => p.Name, StringComparer.Ordinal)
            .ToList();
        return new CacheObservation
        {
            Members = [.. ours.Where(p => IsComponent(p.Pod, CacheLabels.Memcached))],
            Proxies = [.. ours.Where(p => IsComponent(p.Pod, CacheLabels.Proxy))],
            StatefulSets = [.. statefulSets.List(group).Where(s => IsOwnedBy(s, cache))],
            ProxyDeployment = deployments.Get(new ObjectKey(@namespace, CacheNames.Proxy(name))),
            ProxyAutoscaler = autoscalers.Get(new ObjectKey(@namespace, CacheNames.Proxy(name))),
            Topology = configMaps.Get(new ObjectKey(@namespace, CacheNames.Topology(name))) is { } map && IsOwnedBy(map, cache) ? map : null,
            Nodes = [.. nodes.List().Select(ObservedNode.Of).OrderBy(n => n.Name, StringComparer.Ordinal)],
            NodesVisible = nodes.IsServed,
        };
    }

    /// <summary>
    /// A pod that was there before the cache is of an earlier one of the same name, and on its way out. Its owner is a ReplicaSet or
    /// StatefulSet that may be gone already, so its age has to tell.
    /// </summary>
    private static bool IsOlder(V1Pod pod, ReplicatedCache cache) => pod.Metadata.CreationTimestamp < cache.Metadata.CreationTimestamp;

    private static bool IsComponent(V1Pod pod, string component) =>
        pod.Metadata.Labels.TryGetValue(CacheLabels.Component, out var value) && value == component;

    /// <summary>What an earlier cache of the same name left behind goes by itself and must not be taken for this one's.</summary>
    private static bool IsOwnedBy(IMetadata<V1ObjectMeta> resource, ReplicatedCache cache) =>
        resource.Metadata.OwnerReferences?.Any(o => o.Uid == cache.Metadata.Uid) == true;
}
