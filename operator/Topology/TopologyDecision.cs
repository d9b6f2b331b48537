namespace CacheOperator.Operator.Topology;

/// <param name="Kind">What was decided.</param>
/// <param name="Subject">The member's pod, or the cache.</param>
/// <param name="Message">One sentence for people.</param>
internal readonly record struct TopologyDecision(DecisionKind Kind, string Subject, string Message)
{
    /// <summary>Whether somebody should look at it.</summary>
    public bool IsWarning => Kind is DecisionKind.CopyRestarted or DecisionKind.MemberRestarted or DecisionKind.MemberQuarantined or DecisionKind.MemberUnreachable
        or DecisionKind.ReshardingRestarted or DecisionKind.MissedWritesAccepted or DecisionKind.IncompleteMemberServes;
}
