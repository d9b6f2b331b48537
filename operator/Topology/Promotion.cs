using CacheOperator.Topology;

namespace CacheOperator.Operator.Topology;

/// <summary>A step of a plan: a shard without any Ready replica gets one, or all of them when it is new.</summary>
internal static class Promotion
{
    public static void Apply(PlanDraft draft)
    {
        for (var shard = 0; shard < draft.Shards; shard++)
        {
            if (draft.ReadyReplicas(shard).Any()) continue;
            var candidates = draft.Members
                .Where(m => m.Shard == shard && m.State is MemberState.Warming or MemberState.Quarantined)
                .ToList();
            var fresh = candidates.Where(m => HoldsNothing(draft, m)).ToList();
            var best = candidates.Except(fresh)
                .OrderByDescending(draft.Fleet.IsReachableByAny)
                .ThenBy(m => m.State)
                .ThenByDescending(m => Copied(draft, m))
                .FirstOrDefault();
            if (best is not null && (fresh.Count == 0 || draft.Fleet.IsReachableByAny(best)))
            {
                draft.Enter(best, MemberState.Ready, refill: draft.Fleet.MissedWrites(best) > 0, DecisionKind.IncompleteMemberServes,
                    $"{best.Name} serves although it was not filled completely: no better replica of its shard is left");
            }
            else
            {
                foreach (var member in fresh)
                    draft.Enter(member, MemberState.Ready, refill: false, DecisionKind.MemberReady, $"{member.Name} serves; there is nothing to fill it from");
            }
        }
    }

    /// <summary>It became Warming only now: no proxy has ever written to it.</summary>
    private static bool HoldsNothing(PlanDraft draft, Member member)
    {
        var before = draft.Previous?.Members.FirstOrDefault(m => m.Uid == member.Uid);
        return before is null || before.Address != member.Address || before.Incarnation != member.Incarnation || before.State == MemberState.Cold;
    }

    private static long Copied(PlanDraft draft, Member member) =>
        draft.Previous?.Copies.Where(c => c.Target == member.Uid).Sum(c => draft.Fleet.Progress(c)?.Processed ?? 0) ?? 0;
}
