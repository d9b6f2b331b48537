using CacheOperator.Topology;

namespace CacheOperator.Operator.Topology;

/// <summary>A step of a plan: members that wait to be filled get a source and a proxy that copies.</summary>
internal static class CopyPlanner
{
    public static void Apply(PlanDraft draft)
    {
        // Whoever had to be promoted meanwhile is not filled any more.
        draft.Copies.RemoveAll(c => draft.IsNew(draft.Get(c.Target)));
        foreach (var target in draft.Members.Where(m => m.State is MemberState.Warming or MemberState.Quarantined).ToList())
        {
            if (draft.Copies.Any(c => c.Target == target.Uid) || draft.IsNew(target)) continue;
            if (target.Incarnation is null || !draft.Fleet.HasApplied(target.Since) || !draft.Fleet.IsReachableByAll(target)) continue;
            if (draft.Fleet.MissedWrites(target) > 0)
            {
                // They might be among what the copy brings, but later nobody could tell.
                draft.Enter(target, target.State, refill: true, DecisionKind.CopyRestarted, $"{target.Name} missed writes before it was filled; it starts over");
                continue;
            }

            Assign(draft, target);
        }
    }

    private static void Assign(PlanDraft draft, Member target)
    {
        var sources = draft.ReadyReplicas(target.Shard).Where(draft.Fleet.IsReachableByAny).OrderBy(m => Distance(draft, target, m)).ToList();
        if (sources.Count == 0) return;

        // Every further attempt takes the next source and the next proxy: perhaps the last one was the trouble.
        var attempt = (int)((target.Epoch - 1) % int.MaxValue);
        var source = sources[attempt % sources.Count];
        var proxies = ProxyChoice.Find(draft, target.Zone, source, target);
        if (proxies.Count == 0) return;
        var proxy = proxies[attempt % proxies.Count];
        draft.Copies.Add(new CopyAssignment
        {
            Id = $"{target.Name}-{target.Epoch}-{draft.Generation}",
            Proxy = proxy.Name,
            Source = source.Uid,
            Target = target.Uid,
            MaxBytesPerSecond = draft.Intent.MaxBytesPerSecond,
        });
        draft.Decisions.Add(new TopologyDecision(
            DecisionKind.CopyAssigned, target.Name, $"{proxy.Name} fills {target.Name} from {source.Name}"));
    }

    /// <summary>How far a source is. Zones are a ring: targets of different zones do not all turn to the first one.</summary>
    public static int Distance(PlanDraft draft, Member target, Member source)
    {
        var zones = draft.Intent.Zones.Count;
        return (draft.ZoneOrder(source.Zone) - draft.ZoneOrder(target.Zone) + zones) % zones;
    }
}
