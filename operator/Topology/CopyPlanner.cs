using CacheOperator.Topology;

namespace CacheOperator.Operator.Topology;

/// <summary>
/// A step of a plan: members that wait to be filled get sources and proxies that copy: as many as there are sources that nobody else copies from, with a proxy and
/// a part of the keys for each. A member can only be listed by one at a time, so two parts from one source would wait for each other.
/// </summary>
internal static class CopyPlanner
{
    public static void Apply(PlanDraft draft)
    {
        // Whoever had to be promoted meanwhile is not filled any more.
        draft.Copies.RemoveAll(c => draft.IsNew(draft.Get(c.Target)));
        DropLostSources(draft);
        foreach (var target in draft.Members.Where(m => m.State is MemberState.Warming or MemberState.Quarantined).ToList())
        {
            var parts = draft.Copies.Where(c => c.Target == target.Uid).ToList();
            if (CopyParts.IsWhole(parts) || draft.IsNew(target)) continue;
            if (target.Incarnation is null || !draft.Fleet.HasApplied(target.Since) || !draft.Fleet.IsReachableByAll(target)) continue;
            if (draft.Fleet.MissedWrites(target) > 0)
            {
                // They might be among what the copy brings, but later nobody could tell.
                draft.Enter(target, target.State, refill: true, DecisionKind.CopyRestarted, $"{target.Name} missed writes before it was filled; it starts over");
                continue;
            }

            if (parts.Count == 0) Assign(draft, target);
            else Complete(draft, target, parts);
        }
    }

    /// <summary>How far a source is. Zones are a ring: targets of different zones do not all turn to the first one.</summary>
    public static int Distance(PlanDraft draft, Member target, Member source)
    {
        var zones = draft.Intent.Zones.Count;
        return (draft.ZoneOrder(source.Zone) - draft.ZoneOrder(target.Zone) + zones) % zones;
    }

    /// <summary>Only now it may have turned out that a source is Ready no longer.</summary>
    private static void DropLostSources(PlanDraft draft)
    {
        foreach (var copies in draft.Copies.GroupBy(c => c.Target).Where(g => g.Any(IsLost)).ToList())
        {
            draft.Copies.RemoveAll(c => c.Target == copies.Key && IsLost(c));
            var target = draft.Get(copies.Key);
            if (copies.All(c => IsLost(c) && !draft.IsMove(c)))
                draft.Enter(target, target.State, refill: true, DecisionKind.CopyRestarted, $"{target.Name} lost the member that it was filled from; it is tried again");
        }

        bool IsLost(CopyAssignment copy) => draft.Get(copy.Source).State != MemberState.Ready;
    }

    private static void Assign(PlanDraft draft, Member target)
    {
        // What a member lacks that missed some writes is found by listing it: several would wait for each other.
        var most = target.State == MemberState.Quarantined ? 1 : draft.Intent.MaxCopyParts;

        // Every further attempt takes the next source and the next proxy: perhaps the last one was the trouble.
        var choice = new CopierChoice(draft, target, target.Epoch - 1);
        var copiers = new List<Copier>();
        while (copiers.Count < most && choice.Next(mustBeIdle: copiers.Count > 0) is { } copier) copiers.Add(copier);
        for (var i = 0; i < copiers.Count; i++)
            Add(draft, target, copiers[i], copiers.Count == 1 ? null : new KeyPart { Number = i, Of = copiers.Count });
    }

    /// <summary>Gives a part that was lost to somebody else, once every proxy knows that it was taken from whoever had it, and has stopped.</summary>
    private static void Complete(PlanDraft draft, Member target, List<CopyAssignment> parts)
    {
        var before = draft.Previous!;
        if (!draft.Fleet.HasApplied(before.Generation)) return;
        var choice = new CopierChoice(draft, target, draft.Generation);
        foreach (var part in CopyParts.Missing(parts).Where(part => !before.Copies.Any(c => c.Target == target.Uid && c.Part == part)))
        {
            if (choice.Next(mustBeIdle: false) is { } copier) Add(draft, target, copier, part);
        }
    }

    private static void Add(PlanDraft draft, Member target, Copier copier, KeyPart? part)
    {
        var id = $"{target.Name}-{target.Epoch}-{draft.Generation}";
        draft.Copies.Add(new CopyAssignment
        {
            Id = part is null ? id : $"{id}-{part.Number}",
            Proxy = copier.Proxy,
            Source = copier.Source.Uid,
            Target = target.Uid,
            Part = part,
            MaxBytesPerSecond = CopyParts.ShareOf(draft.Intent.MaxBytesPerSecond, part),
            MaxItemsPerSecond = CopyParts.ShareOf(draft.Intent.MaxItemsPerSecond, part),
        });
        draft.Decisions.Add(new TopologyDecision(
            DecisionKind.CopyAssigned, target.Name, $"{copier.Proxy} fills {target.Name} from {copier.Source.Name}{CopyParts.Remark(part)}"));
    }
}
