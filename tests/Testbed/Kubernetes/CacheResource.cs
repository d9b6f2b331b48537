using k8s;
using k8s.Models;

namespace CacheOperator.Testbed.Kubernetes;

/// <summary>A <c>ReplicatedCache</c> as a user reads it: only what is shown, and written from the documentation, not from the operator's types.</summary>
public sealed class CacheResource : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; } = "cacheoperator.dev/v1alpha1";

    public string Kind { get; set; } = "ReplicatedCache";

    public V1ObjectMeta Metadata { get; set; } = new();

    public CacheStatus Status { get; set; } = new();

    /// <summary>The condition's status, such as <c>True</c>; null when it is not there.</summary>
    public string? Condition(string type) => Status.Conditions.FirstOrDefault(c => c.Type == type)?.Status;

    /// <summary>The condition's reason; null when it is not there.</summary>
    public string? Reason(string type) => Status.Conditions.FirstOrDefault(c => c.Type == type)?.Reason;

    /// <summary>Whether the operator has seen the newest spec and finds the cache ready.</summary>
    public bool IsReady => Status.ObservedGeneration == Metadata.Generation && Condition("Ready") == "True";

    public override string ToString() =>
        $"members {Status.Members ?? "-"}, warming {Status.Warming ?? "-"}, conditions "
        + string.Join(", ", Status.Conditions.Select(c => $"{c.Type}={c.Status} ({c.Reason}: {c.Message})"));
}
