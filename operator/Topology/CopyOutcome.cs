using CacheOperator.Topology;

namespace CacheOperator.Operator.Topology;

/// <summary>A step of a plan: copies within a shard that have ended, well or not.</summary>
internal static class CopyOutcome
{
    /// <summary>After a failure this much time passes before the next attempt.</summary>
    public static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(5);

    public static void Apply(PlanDraft draft)
    {
        foreach (var copy in draft.Previous?.Copies.Where(c => !draft.IsMove(c)) ?? [])
        {
            // Whose target has changed meanwhile is no longer wanted.
            if (draft.Find(copy.Target) is not { State: MemberState.Warming or MemberState.Quarantined } target || draft.IsNew(target)) continue;
            Settle(draft, copy, target);
        }
    }

    private static void Settle(PlanDraft draft, CopyAssignment copy, Member target)
    {
        var source = draft.Find(copy.Source);
        var progress = draft.Fleet.Progress(copy);
        if (draft.Fleet.MissedWrites(target) > 0)
        {
            Restart(draft, target, $"{target.Name} missed writes while it was filled; it is filled anew");
        }
        else if (draft.Fleet.ServesOlderThan(target.Since))
        {
            // A proxy that came up with an old document wrote past the target, and nobody counted that.
            Restart(draft, target, $"a proxy that did not know of {target.Name} has come up meanwhile; it is filled anew");
        }
        else if (source is not null && draft.Fleet.MissedWrites(source) > 0)
        {
            // A deletion that the source missed may have been copied as an item.
            Restart(draft, target, $"{source.Name} missed writes while {target.Name} was filled from it; it is filled anew");
        }
        else if (progress is { Phase: CopyPhase.Succeeded } && draft.Fleet.Hints(target) == 0)
        {
            draft.Enter(target, MemberState.Ready, refill: false, DecisionKind.MemberReady, $"{target.Name} is warm and serves reads");
        }
        else if (source is not { State: MemberState.Ready })
        {
            // With no other source there is nothing to start over with: promotion decides.
            if (draft.ReadyReplicas(target.Shard).Any())
                Restart(draft, target, $"{target.Name} lost the member that it was filled from; it is filled anew");
        }
        else if (!draft.Fleet.IsLive(copy.Proxy))
        {
            Restart(draft, target, $"{target.Name} lost the proxy that filled it ({copy.Proxy}); it is filled anew");
        }
        else if (progress is { Phase: CopyPhase.Failed } && draft.Now - (progress.FinishedAt ?? progress.StartedAt) >= RetryDelay)
        {
            Restart(draft, target, $"filling {target.Name} failed: {progress.Error ?? "no reason given"}; it is tried again");
        }
        else
        {
            draft.Copies.Add(copy);
        }
    }

    /// <summary>
    /// A new epoch. What the broken-off copy has brought is compared with the next source, and stays if it is the same.
    /// </summary>
    private static void Restart(PlanDraft draft, Member target, string message) =>
        draft.Enter(target, target.State, refill: true, DecisionKind.CopyRestarted, message);
}
