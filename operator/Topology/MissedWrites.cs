using CacheOperator.Topology;

namespace CacheOperator.Operator.Topology;

/// <summary>A step of a plan: Ready members that missed writes stop serving, unless nothing better is left.</summary>
internal static class MissedWrites
{
    public static void Apply(PlanDraft draft)
    {
        // The worst first, so that the best is the one that stays when all of them missed some.
        var stale = draft.Members
            .Where(m => m.State == MemberState.Ready && !draft.IsNew(m) && draft.Fleet.MissedWrites(m) > 0)
            .OrderByDescending(draft.Fleet.MissedWrites)
            .ToList();
        foreach (var member in stale)
        {
            if (draft.ReadyReplicas(member.Shard).Any(m => m.Uid != member.Uid))
            {
                draft.Enter(member, MemberState.Quarantined, refill: true, DecisionKind.MemberQuarantined, $"{member.Name} missed writes; no reads from it until it is filled anew");
            }
            else if (draft.Fleet.IsReachableByAll(member))
            {
                // Proxies do not read from a member that missed writes; a new epoch lets them again.
                draft.Enter(member, MemberState.Ready, refill: true, DecisionKind.MissedWritesAccepted, $"{member.Name} missed writes and serves on, as the only replica of its shard");
            }
        }
    }
}
