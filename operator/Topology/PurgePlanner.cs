using CacheOperator.Topology;

namespace CacheOperator.Operator.Topology;

/// <summary>The last step of a plan: members that keys have left get a proxy that deletes those keys there.</summary>
internal static class PurgePlanner
{
    public static void Apply(PlanDraft draft)
    {
        // As long as some proxy still writes moved keys to their old places, or is going to make up for such a write, they would come back.
        if (draft.Resharding is not { Phase: ReshardingPhase.Purging } purging || purging.Since == draft.Generation || !draft.Fleet.HasApplied(purging.Since)) return;
        foreach (var member in Waiting(draft).Where(m => draft.Purges.All(p => p.Member != m.Uid) && draft.Fleet.Hints(m) == 0))
        {
            if (ProxyChoice.Find(draft, member.Zone, member) is not [var proxy, ..]) continue;
            draft.Purges.Add(new PurgeAssignment { Id = $"{member.Name}-{member.Epoch}-purge-{draft.Generation}", Proxy = proxy.Name, Member = member.Uid });
        }
    }

    /// <summary>
    /// Ready members that still may hold what has moved away. One that is not Ready is new, or loses that when it is filled.
    /// </summary>
    public static IReadOnlyList<Member> Waiting(PlanDraft draft)
    {
        var purging = draft.Resharding!;
        return
        [
            .. draft.Members.Where(m => m.Shard < purging.From && m.State == MemberState.Ready && !purging.Done.Any(d => d.Uid == m.Uid && d.Epoch == m.Epoch)),
        ];
    }
}
