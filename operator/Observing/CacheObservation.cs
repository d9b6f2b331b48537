using CacheOperator.Operator.Resources;
using k8s.Models;

namespace CacheOperator.Operator.Observing;

/// <summary>What the API server shows of one cache and of the nodes, at one moment.</summary>
internal sealed record CacheObservation
{
    public required IReadOnlyList<ObservedPod> Members { get; init; }

    public required IReadOnlyList<ObservedPod> Proxies { get; init; }

    public required IReadOnlyList<V1StatefulSet> StatefulSets { get; init; }

    public V1Deployment? ProxyDeployment { get; init; }

    public V2HorizontalPodAutoscaler? ProxyAutoscaler { get; init; }

    public V1ConfigMap? Topology { get; init; }

    public required IReadOnlyList<ObservedNode> Nodes { get; init; }

    /// <summary>False when the operator may not see nodes (namespaced install without the role).</summary>
    public required bool NodesVisible { get; init; }

    /// <summary>A zone's StatefulSet; null before the first.</summary>
    public V1StatefulSet? StatefulSetOf(string cache, string zone)
    {
        var name = CacheNames.StatefulSet(cache, zone);
        return StatefulSets.FirstOrDefault(set => set.Metadata.Name == name);
    }
}
