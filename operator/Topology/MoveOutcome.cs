using CacheOperator.Topology;

namespace CacheOperator.Operator.Topology;

/// <summary>
/// A step of a plan: copies between shards that have ended, well or not. What has to be done again needs no new epoch: such a copy begins by dropping from the target
/// what its source does not hold.
/// </summary>
internal static class MoveOutcome
{
    public static void Apply(PlanDraft draft)
    {
        if (Moves.Of(draft) is not { } moves || draft.Resharding!.Since == draft.Generation) return;
        Forget(draft, moves);
        foreach (var copy in draft.Previous!.Copies.Where(draft.IsMove))
        {
            if (draft.Find(copy.Target) is { } target && moves.IsTarget(target) && !draft.IsNew(target)) Settle(draft, copy, target);
        }
    }

    /// <summary>What members have been given counts no longer when they have changed, or when a proxy did not know of them.</summary>
    private static void Forget(PlanDraft draft, Moves moves)
    {
        var filling = draft.Resharding!;
        draft.Resharding = filling with
        {
            Done = [.. filling.Done.Where(d => draft.Find(d.Uid) is { } member && member.Epoch == d.Epoch && moves.IsTarget(member) && !draft.Fleet.ServesOlderThan(member.Since))],
        };
    }

    private static void Settle(PlanDraft draft, CopyAssignment copy, Member target)
    {
        var source = draft.Find(copy.Source);
        var progress = draft.Fleet.Progress(copy);
        if (draft.Fleet.MissedWrites(target) > 0 || draft.Fleet.ServesOlderThan(target.Since))
            Restart(draft, copy, $"{target.Name} missed writes while it was given keys; it is given them again");
        else if (source is not { State: MemberState.Ready } || draft.Fleet.MissedWrites(source) > 0)
            Restart(draft, copy, $"{target.Name} lost the member that gave it keys; it is given them by another one");
        else if (progress is { Phase: CopyPhase.Succeeded } && draft.Fleet.Hints(target) == 0)
            draft.Resharding = WithDone(draft.Resharding!, target, source.Shard);
        else if (!draft.Fleet.IsLive(copy.Proxy))
            Restart(draft, copy, $"{target.Name} lost the proxy that gave it keys ({copy.Proxy}); it is given them again");
        else if (progress is { Phase: CopyPhase.Failed } && draft.Now - (progress.FinishedAt ?? progress.StartedAt) >= CopyOutcome.RetryDelay)
            Restart(draft, copy, $"giving {target.Name} keys of {source.Name} failed: {progress.Error ?? "no reason given"}; it is tried again");
        else
            draft.Copies.Add(copy);
    }

    private static Resharding WithDone(Resharding filling, Member target, int shard)
    {
        var done = filling.Done.FirstOrDefault(d => d.Uid == target.Uid) ?? new ReshardedMember { Uid = target.Uid, Epoch = target.Epoch };
        return filling with { Done = [.. filling.Done.Where(d => d.Uid != target.Uid), done with { From = [.. done.From.Append(shard).Order()] }] };
    }

    private static void Restart(PlanDraft draft, CopyAssignment copy, string message)
    {
        draft.FailedMoves.Add(copy);
        draft.Decisions.Add(new TopologyDecision(DecisionKind.CopyRestarted, draft.Get(copy.Target).Name, message));
    }
}
