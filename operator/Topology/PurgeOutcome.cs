using CacheOperator.Topology;

namespace CacheOperator.Operator.Topology;

/// <summary>A step of a plan: purges that have ended, well or not.</summary>
internal static class PurgeOutcome
{
    public static void Apply(PlanDraft draft)
    {
        if (draft.Resharding is not { Phase: ReshardingPhase.Purging } purging) return;
        var done = purging.Done.Where(d => draft.Find(d.Uid)?.Epoch == d.Epoch).ToList();
        foreach (var purge in draft.Previous!.Purges)
        {
            if (draft.Find(purge.Member) is not { State: MemberState.Ready } member || draft.IsNew(member) || !draft.Fleet.IsLive(purge.Proxy)) continue;
            var progress = draft.Fleet.Progress(purge.Proxy, purge.Id);
            if (progress is { Phase: CopyPhase.Succeeded })
                done.Add(new ReshardedMember { Uid = member.Uid, Epoch = member.Epoch });
            else if (progress is not { Phase: CopyPhase.Failed } || draft.Now - (progress.FinishedAt ?? progress.StartedAt) < CopyOutcome.RetryDelay)
                draft.Purges.Add(purge);
        }

        draft.Resharding = purging with { Done = done };
    }
}
