using CacheOperator.Operator.NodeLoss;
using CacheOperator.Operator.Topology;

namespace CacheOperator.Operator.Status;

/// <summary>Whether something is worse than it should be, the gravest first.</summary>
internal static class DegradedCondition
{
    public static Verdict Of(StatusInput input, FleetHealth health)
    {
        if (input.ApplyErrors.Count > 0)
            return Bad(Reasons.ApplyFailed, string.Join(" ", input.ApplyErrors));
        var stranded = input.NodeLoss.Where(d => d.Action == NodeLossAction.NoOtherNode && d.Pod.Zone is not null).ToList();
        if (stranded.Count > 0)
        {
            return Bad(Reasons.ZoneDown,
                $"No node of zone {string.Join(", ", stranded.Select(d => d.Zone).Distinct())} can take {Pods(stranded)}; it is left where it is until one can.");
        }

        if (input.NodeLoss.Count > 0)
            return Bad(Reasons.NodeLost, $"Node {string.Join(", ", input.NodeLoss.Select(d => d.Pod.Node).Distinct())} is lost with {Pods(input.NodeLoss)}.");

        // Before what follows from it: nobody reaches or fills a member whose pod does not come up.
        if (input.Problems.Count > 0)
            return Bad(input.Problems[0].Reason, string.Join(" ", input.Problems.Select(p => $"{p.Pod}: {p.Message.TrimEnd('.')}.")));
        if (input.TimedOut.Count > 0)
            return Bad(Reasons.WarmUpTimedOut, $"{string.Join(", ", input.TimedOut)} could not be filled within the deadline.");
        if (health.Quarantined.Count > 0)
            return Bad(Reasons.MemberQuarantined, $"{FleetHealth.Names(health.Quarantined)} missed writes and is filled anew.");
        if (health.Unreachable.Count > 0)
            return Bad(Reasons.MemberUnreachable, $"No proxy reaches {FleetHealth.Names(health.Unreachable)}.");
        var silent = input.Proxies.Where(p => p is { Running: true, PodReady: true } && p.SilentFor >= ObservedProxy.SilenceLimit).ToList();
        return silent.Count > 0
            ? Bad(Reasons.ProxyNotAnswering, $"{string.Join(", ", silent.Select(p => p.Name))} does not answer the operator, which waits for it before it changes the topology.")
            : new Verdict(ConditionTypes.Degraded, false, Reasons.AsExpected, "Nothing is wrong.");
    }

    private static Verdict Bad(string reason, string message) => new(ConditionTypes.Degraded, true, reason, message);

    private static string Pods(IEnumerable<NodeLossDecision> decisions) => string.Join(", ", decisions.Select(d => d.Pod.Name));
}
