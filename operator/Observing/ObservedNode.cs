using CacheOperator.Operator.Resources;
using k8s.Models;

namespace CacheOperator.Operator.Observing;

/// <summary>What matters of a node: where it is, whether it lives, and whether pods may go there.</summary>
internal sealed record ObservedNode
{
    public required string Name { get; init; }

    /// <summary>Null when the node tells none.</summary>
    public string? Zone { get; init; }

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    public required bool Ready { get; init; }

    /// <summary>Since when <see cref="Ready"/> has been as it is.</summary>
    public DateTimeOffset ReadyChanged { get; init; }

    /// <summary>Cordoned.</summary>
    public bool Unschedulable { get; init; }

    /// <summary>Taints that keep pods off (NoSchedule, NoExecute).</summary>
    public IReadOnlyList<V1Taint> Taints { get; init; } = [];

    public static ObservedNode Of(V1Node node)
    {
        var ready = node.Status?.Conditions?.FirstOrDefault(c => c.Type == "Ready");
        var labels = node.Metadata.Labels ?? new Dictionary<string, string>();
        return new ObservedNode
        {
            Name = node.Metadata.Name,
            Zone = labels.TryGetValue(CacheLabels.NodeZone, out var zone) && zone.Length > 0 ? zone : null,
            Labels = labels.AsReadOnly(),
            Ready = ready?.Status == "True",
            ReadyChanged = ready?.LastTransitionTime ?? node.Metadata.CreationTimestamp ?? DateTime.UnixEpoch,
            Unschedulable = node.Spec?.Unschedulable == true,
            Taints = [.. node.Spec?.Taints?.Where(t => t.Effect is "NoSchedule" or "NoExecute") ?? []],
        };
    }

    /// <summary>Leaves what is looked at here: most of a node is the list of its images.</summary>
    public static void Trim(V1Node node) => node.Status = new V1NodeStatus { Conditions = node.Status?.Conditions };

    /// <summary>Whether a change of the node can matter to a cache: heartbeats cannot.</summary>
    public static bool Differs(V1Node? one, V1Node? other)
    {
        if (one is null || other is null) return true;
        var (left, right) = (Of(one), Of(other));
        return left.Zone != right.Zone
            || left.Ready != right.Ready
            || left.Unschedulable != right.Unschedulable
            || !left.Taints.Select(t => (t.Key, t.Value, t.Effect)).SequenceEqual(right.Taints.Select(t => (t.Key, t.Value, t.Effect)))
            || !left.Labels.OrderBy(l => l.Key, StringComparer.Ordinal).SequenceEqual(right.Labels.OrderBy(l => l.Key, StringComparer.Ordinal));
    }
}
