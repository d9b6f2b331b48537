using k8s.Models;

namespace CacheOperator.Operator.Api;

/// <summary>Additions to the pods of members and proxies alike.</summary>
internal sealed record PodTemplateSpec
{
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    public IReadOnlyDictionary<string, string>? NodeSelector { get; init; }

    public IReadOnlyList<V1Toleration>? Tolerations { get; init; }

    /// <summary>Added to what the operator itself needs (zone, spread).</summary>
    public V1Affinity? Affinity { get; init; }

    public string? PriorityClassName { get; init; }
}
