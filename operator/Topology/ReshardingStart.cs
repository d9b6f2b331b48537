using CacheOperator.Topology;

namespace CacheOperator.Operator.Topology;

/// <summary>The first step of a plan: another number of shards is wanted than there is, or was wanted and no longer is.</summary>
internal static class ReshardingStart
{
    public static void Apply(PlanDraft draft)
    {
        if (draft.Previous is not { } previous) return;
        switch (draft.Resharding)
        {
            case null when draft.Intent.Shards != draft.Shards && !draft.Intent.HoldsResharding:
                Fill(draft, draft.Shards, draft.Intent.Shards);
                draft.Tell(DecisionKind.ReshardingStarted, $"from {draft.Shards} to {draft.Intent.Shards} shards: keys that move are copied first");
                break;
            case { Phase: ReshardingPhase.Filling } filling when draft.Intent.Shards != filling.To:
                Reverse(draft, filling);
                break;
            case { Phase: ReshardingPhase.Filling } filling when draft.Fleet.ServesOlderThan(filling.Since) && (filling.Done.Count > 0 || previous.Copies.Any(draft.IsMove)):
                // That proxy wrote past the members which are being filled, and nobody counted it.
                Fill(draft, filling.From, filling.To);
                draft.Tell(DecisionKind.ReshardingRestarted, "a proxy that did not know that keys are moved has come up meanwhile; all of them are looked at again");
                break;
        }
    }

    private static void Fill(PlanDraft draft, int from, int to) =>
        draft.Resharding = new Resharding { From = from, To = to, Phase = ReshardingPhase.Filling, Since = draft.Generation };

    /// <summary>
    /// Nobody reads the new places yet. New members just go; members that stay lose what they were given, as after the opposite change.
    /// </summary>
    private static void Reverse(PlanDraft draft, Resharding filling)
    {
        draft.Resharding = filling.To > filling.From ? null : new Resharding
        {
            From = filling.To, To = filling.From, Phase = ReshardingPhase.Purging, Since = draft.Generation,
        };
        draft.Tell(DecisionKind.ReshardingReversed, $"back to {filling.From} shards: {filling.To} are wanted no longer, and nothing was read there yet");
    }
}
