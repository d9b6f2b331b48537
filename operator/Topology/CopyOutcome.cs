using CacheOperator.Topology;

namespace CacheOperator.Operator.Topology;

/// <summary>A step of a plan: copies within a shard that have ended, well or not.</summary>
internal static class CopyOutcome
{
    /// <summary>After a failure this much time passes before the next attempt.</summary>
    public static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(5);

    public static void Apply(PlanDraft draft)
    {
        foreach (var copies in draft.Previous?.Copies.Where(c => !draft.IsMove(c)).GroupBy(c => c.Target) ?? [])
        {
            // Whose target has changed meanwhile is no longer wanted.
            if (draft.Find(copies.Key) is not { State: MemberState.Warming or MemberState.Quarantined } target || draft.IsNew(target)) continue;
            Settle(draft, target, [.. copies]);
        }
    }

    private static void Settle(PlanDraft draft, Member target, List<CopyAssignment> copies)
    {
        if (draft.Fleet.MissedWrites(target) > 0)
        {
            Restart(draft, target, $"{target.Name} missed writes while it was filled; it is filled anew");
        }
        else if (draft.Fleet.ServesOlderThan(target.Since))
        {
            // A proxy that came up with an old document wrote past the target, and nobody counted that.
            Restart(draft, target, $"a proxy that did not know of {target.Name} has come up meanwhile; it is filled anew");
        }
        else if (copies.Select(c => draft.Find(c.Source)).FirstOrDefault(source => source is not null && draft.Fleet.MissedWrites(source) > 0) is { } source)
        {
            // A deletion that the source missed may have been copied as an item.
            Restart(draft, target, $"{source.Name} missed writes while {target.Name} was filled from it; it is filled anew");
        }
        else if (CopyParts.IsWhole(copies) && copies.All(c => draft.Fleet.Progress(c) is { Phase: CopyPhase.Succeeded }) && draft.Fleet.Hints(target) == 0)
        {
            draft.Enter(target, MemberState.Ready, refill: false, DecisionKind.MemberReady, $"{target.Name} is warm and serves reads");
        }
        else
        {
            KeepWhatGoesOn(draft, target, copies);
        }
    }

    private static void KeepWhatGoesOn(PlanDraft draft, Member target, List<CopyAssignment> copies)
    {
        var lost = copies.Select(c => (Copy: c, Reason: LossOf(draft, target, c))).Where(c => c.Reason is not null).ToList();
        if (lost.Count < copies.Count)
        {
            // A part is done again by whoever comes next, without a new epoch; see CopyPlanner.
            draft.Copies.AddRange(copies.Where(c => lost.All(l => l.Copy != c)));
            draft.Decisions.AddRange(lost.Select(l => new TopologyDecision(DecisionKind.CopyRestarted, target.Name, $"{l.Reason}{CopyParts.Remark(l.Copy.Part)}; another one goes on with that")));
        }
        else if (draft.ReadyReplicas(target.Shard).Any())
        {
            // With no other source there is nothing to start over with: promotion decides.
            Restart(draft, target, $"{lost[0].Reason}; it is tried again");
        }
    }

    private static string? LossOf(PlanDraft draft, Member target, CopyAssignment copy)
    {
        var progress = draft.Fleet.Progress(copy);
        if (draft.Find(copy.Source) is not { State: MemberState.Ready }) return $"{target.Name} lost the member that it was filled from";
        if (!draft.Fleet.IsLive(copy.Proxy)) return $"{target.Name} lost the proxy that filled it ({copy.Proxy})";
        return progress is { Phase: CopyPhase.Failed } && draft.Now - (progress.FinishedAt ?? progress.StartedAt) >= RetryDelay
            ? $"filling {target.Name} failed: {progress.Error ?? "no reason given"}"
            : null;
    }

    /// <summary>A new epoch. What the broken-off copy has brought is compared with the next source, and stays if it is the same.</summary>
    private static void Restart(PlanDraft draft, Member target, string message) =>
        draft.Enter(target, target.State, refill: true, DecisionKind.CopyRestarted, message);
}
