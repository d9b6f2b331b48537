namespace CacheOperator.Operator.Topology;

/// <param name="Kind">What was decided.</param>
/// <param name="Pod">The member's pod.</param>
/// <param name="Message">One sentence for people.</param>
internal readonly record struct TopologyDecision(DecisionKind Kind, string Pod, string Message)
{
    /// <summary>Whether somebody should look at it.</summary>
    public bool IsWarning => Kind is DecisionKind.CopyRestarted or DecisionKind.MemberRestarted or DecisionKind.MemberQuarantined or DecisionKind.MemberUnreachable
        or DecisionKind.MissedWritesAccepted or DecisionKind.IncompleteMemberServes;
}
