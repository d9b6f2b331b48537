using CacheOperator.Operator.Api;
using k8s.Models;

namespace CacheOperator.Operator.Observing;

/// <summary>Whether a cache's pods may run on a node, as far as labels, taints and cordons say; free resources are the scheduler's business.</summary>
internal static class NodeFit
{
    /// <summary>Whether the node is one of those that the cache's pods are meant for, be it up or down now.</summary>
    public static bool Suits(ObservedNode node, PodTemplateSpec template) =>
        !node.Unschedulable
        && (template.NodeSelector ?? new Dictionary<string, string>()).All(s => node.Labels.TryGetValue(s.Key, out var value) && value == s.Value)
        && node.Taints.All(t => IsLifecycle(t) || Tolerates(template, t));

    /// <summary>Whether a pod that is made now could start there.</summary>
    public static bool CanTake(ObservedNode node, PodTemplateSpec template) =>
        node.Ready && Suits(node, template) && node.Taints.All(t => Tolerates(template, t));

    /// <summary>Taints that come and go with the node's health (not-ready, unreachable, pressure).</summary>
    private static bool IsLifecycle(V1Taint taint) => taint.Key.StartsWith("node.kubernetes.io/", StringComparison.Ordinal);

    private static bool Tolerates(PodTemplateSpec template, V1Taint taint) => (template.Tolerations ?? []).Any(t =>
        (string.IsNullOrEmpty(t.Effect) || t.Effect == taint.Effect)
        && (t.OperatorProperty == "Exists"
            ? string.IsNullOrEmpty(t.Key) || t.Key == taint.Key
            : t.Key == taint.Key && (t.Value ?? "") == (taint.Value ?? "")));
}
