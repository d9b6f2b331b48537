using CacheOperator.Topology;

namespace CacheOperator.Operator.Topology;

/// <summary>
/// A step of a plan: members that are to be given keys of other shards get a source and a proxy that copies: one shard after the other, and from a member of their own zone
/// if there is one. A member takes part in one copy at a time, because it can be listed only once at a time.
/// </summary>
internal static class MovePlanner
{
    public static void Apply(PlanDraft draft)
    {
        if (Moves.Of(draft) is not { } moves) return;
        var sources = draft.Resharding!.SourceShards().ToList();
        foreach (var target in draft.Members.Where(m => moves.CanBeFilled(m) && !IsBusy(draft, m)).ToList())
        {
            var given = moves.Given(target);

            // Targets of one zone begin with different sources.
            for (var i = 0; i < sources.Count && !IsBusy(draft, target); i++)
            {
                var shard = sources[(i + target.Shard) % sources.Count];
                if (!given.Contains(shard)) Assign(draft, target, shard);
            }
        }
    }

    private static void Assign(PlanDraft draft, Member target, int shard)
    {
        var failed = draft.FailedMoves.Where(c => c.Target == target.Uid).ToList();
        var source = draft.ReadyReplicas(shard)
            .Where(m => draft.Fleet.IsReachableByAny(m) && draft.Fleet.MissedWrites(m) == 0)
            .OrderBy(m => failed.Any(c => c.Source == m.Uid))
            .ThenBy(m => CopyPlanner.Distance(draft, target, m))
            .FirstOrDefault();
        if (source is null || IsBusy(draft, source)) return;
        if (ProxyChoice.Find(draft, target.Zone, source, target).OrderBy(p => failed.Any(c => c.Proxy == p.Name)).FirstOrDefault() is not { } proxy) return;
        draft.Copies.Add(new CopyAssignment
        {
            Id = $"{target.Name}-{target.Epoch}-from-{shard}-{draft.Generation}",
            Proxy = proxy.Name,
            Source = source.Uid,
            Target = target.Uid,
            MaxBytesPerSecond = draft.Intent.MaxBytesPerSecond,
            MaxItemsPerSecond = draft.Intent.MaxItemsPerSecond,
        });
        draft.Decisions.Add(new TopologyDecision(DecisionKind.CopyAssigned, target.Name, $"{proxy.Name} gives {target.Name} keys of {source.Name}"));
    }

    private static bool IsBusy(PlanDraft draft, Member member) => draft.Copies.Any(c => c.Source == member.Uid || c.Target == member.Uid);
}
