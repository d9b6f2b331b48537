using CacheOperator.Topology;

namespace CacheOperator.Operator.Topology;

/// <summary>A step of a plan: a change of the number of shards goes on to its next phase.</summary>
internal static class ReshardingAdvance
{
    public static void Apply(PlanDraft draft)
    {
        if (draft.Resharding is not { } resharding || resharding.Since == draft.Generation || !draft.Fleet.HasApplied(resharding.Since)) return;
        switch (resharding.Phase)
        {
            case ReshardingPhase.Filling when IsFilled(draft):
                Switch(draft, resharding);
                break;
            case ReshardingPhase.Switched when resharding.To > resharding.From:
                draft.Resharding = resharding with { Phase = ReshardingPhase.Purging, Since = draft.Generation, Done = [] };
                break;
            case ReshardingPhase.Switched:
            case ReshardingPhase.Purging when PurgePlanner.Waiting(draft).Count == 0:
                Finish(draft, resharding);
                break;
        }
    }

    /// <summary>Every zone that serves holds all of the keys in their new places. A zone that is lost altogether is not waited for.</summary>
    private static bool IsFilled(PlanDraft draft)
    {
        var moves = Moves.Of(draft)!;
        var members = draft.Members.ToLookup(m => (m.Zone, m.Shard));
        var zones = draft.Members.Where(m => m.State == MemberState.Ready).Select(m => m.Zone).Intersect(draft.Intent.Zones).ToList();
        return zones.Count > 0 && zones.All(zone => draft.Resharding!.TargetShards().All(shard => members[(zone, shard)].Any(moves.IsFilled)));
    }

    private static void Switch(PlanDraft draft, Resharding filling)
    {
        var moves = Moves.Of(draft)!;
        foreach (var member in draft.Members.ToList())
        {
            if (member.Shard >= filling.To && member.State is not (MemberState.Cold or MemberState.Draining))
                draft.Enter(member, MemberState.Draining, refill: false, DecisionKind.MemberDraining, $"{member.Name} has given away its keys; no more reads from it");
            else if (member.Shard >= filling.From && moves.IsFilled(member))
                draft.Enter(member, MemberState.Ready, refill: false, DecisionKind.MemberReady, $"{member.Name} has been given its keys and serves reads");
            else if (member.State is MemberState.Warming or MemberState.Quarantined)
                draft.Enter(member, member.State, refill: true, DecisionKind.CopyRestarted, $"{member.Name} is filled anew, by the new number of shards");
        }

        draft.Copies.Clear();
        draft.Shards = filling.To;
        draft.Resharding = filling with { Phase = ReshardingPhase.Switched, Since = draft.Generation, Done = [] };
        draft.Tell(DecisionKind.ReshardingSwitched, $"{filling.To} shards instead of {filling.From}: every key is read in its new place");
    }

    private static void Finish(PlanDraft draft, Resharding resharding)
    {
        foreach (var member in draft.Members.Where(m => m.Shard >= draft.Shards).ToList())
        {
            draft.Remove(member.Uid);
            draft.Decisions.Add(new TopologyDecision(DecisionKind.MemberRemoved, member.Name, $"{member.Name} is needed no more; proxies forget it"));
        }

        draft.Resharding = null;
        draft.Tell(DecisionKind.ReshardingFinished, $"{resharding.To} shards: nothing is left in old places");
    }
}
