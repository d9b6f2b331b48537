using CacheOperator.Operator.Api;
using CacheOperator.Operator.Observing;

namespace CacheOperator.Operator.NodeLoss;

/// <summary>
/// Decides which pods of lost nodes are to be deleted by force. StatefulSet pods on a dead node stay Terminating for ever, or are
/// not even marked for deletion when many nodes of a zone are gone: so the node's readiness counts, not the pod's state.
/// </summary>
internal static class NodeLossPlanner
{
    /// <summary>Pods deleted in one zone within <see cref="Window"/>: a mistake must not take a whole zone at once.</summary>
    public const int MaxPerZone = 3;

    public static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    /// <param name="absentSince">Since when nodes that are named by pods have been missing.</param>
    /// <param name="recent">Deletions by zone within the window.</param>
    public static IReadOnlyList<NodeLossDecision> Plan(
        CacheObservation observed,
        NodeLossRules rules,
        Func<string, DateTimeOffset> absentSince,
        Func<string, int> recent,
        DateTimeOffset now)
    {
        // Without a view of the nodes a pod that does not answer cannot be told from a lost node.
        if (!observed.NodesVisible) return [];
        var nodes = observed.Nodes.ToDictionary(n => n.Name, StringComparer.Ordinal);
        var decisions = new List<NodeLossDecision>();
        foreach (var pod in observed.Members.Concat(observed.Proxies))
        {
            // A finished pod goes as soon as it is deleted, but for one that its node was to take leave of: nobody confirms that any more.
            if (pod.Node is null || pod is { Finished: true, Terminating: false }) continue;
            var node = nodes.GetValueOrDefault(pod.Node);
            if (node is { Ready: true }) continue;
            var zone = pod.Zone ?? node?.Zone ?? "";
            var due = (node?.ReadyChanged ?? absentSince(pod.Node)) + rules.GracePeriod;
            var used = recent(zone) + decisions.Count(d => d.Zone == zone && d.Action == NodeLossAction.ForceDelete);
            decisions.Add(new NodeLossDecision(pod, zone, Decide(pod, observed, rules, due, used, now), due));
        }

        return decisions;
    }

    private static NodeLossAction Decide(
        ObservedPod pod, CacheObservation observed, NodeLossRules rules, DateTimeOffset due, int used, DateTimeOffset now)
    {
        if (rules.Policy == NodeLossPolicy.Wait) return NodeLossAction.LeftToPolicy;
        if (now < due) return NodeLossAction.Wait;
        if (!IsReplaceable(pod, observed, rules)) return NodeLossAction.NoOtherNode;
        return used < MaxPerZone ? NodeLossAction.ForceDelete : NodeLossAction.Postpone;
    }

    private static bool IsReplaceable(ObservedPod pod, CacheObservation observed, NodeLossRules rules)
    {
        // A proxy that is marked for deletion has its replacement already and only has to leave; it may run in any zone.
        if (pod.Zone is null && pod.Terminating) return true;
        return observed.Nodes.Any(n =>
            n.Name != pod.Node
            && (pod.Zone is null || !rules.Labelled || n.Zone == pod.Zone)
            && NodeFit.CanTake(n, rules.Template));
    }
}
