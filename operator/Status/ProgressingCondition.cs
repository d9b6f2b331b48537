using CacheOperator.Topology;

namespace CacheOperator.Operator.Status;

/// <summary>Whether the operator is on the way to something.</summary>
internal static class ProgressingCondition
{
    public static Verdict Of(StatusInput input, FleetHealth health)
    {
        if (input.Faults.Count > 0)
            return Done(Reasons.InvalidSpec, "Nothing is changed until the spec is valid.");
        if (input.Paused)
            return Done(Reasons.Paused, "spec.paused is true: nothing is changed.");
        if (input.Document is null)
            return Busy(Reasons.Starting, "The cache is being made.");
        if (input.Document.Resharding is { } resharding)
            return Busy(Reasons.Resharding, $"From {resharding.From} to {resharding.To} shards: {Doing(resharding.Phase)}.");
        if (health.Warming.Count + health.Quarantined.Count > 0)
            return Busy(Reasons.WarmingUp, $"Filling {FleetHealth.Names(health.Warming.Concat(health.Quarantined))}.");
        if (input.Growth is { } growth)
            return Busy(Reasons.GrowingInPlace, growth);
        if (input.Rollout is { } rollout)
            return Busy(Reasons.RollingUpdate, rollout);
        if (health.Serving.Count < health.Desired)
            return Busy(Reasons.WaitingForMembers, $"{health.Serving.Count} of {health.Desired} members serve.");
        if (input.ReadyProxies < input.DesiredProxies)
            return Busy(Reasons.WaitingForProxies, $"{input.ReadyProxies} of {input.DesiredProxies} proxies are ready.");
        var leaving = input.Document.Zones.Except(input.Zones).ToList();
        return leaving.Count > 0
            ? Busy(Reasons.RemovingZone, $"Zone {string.Join(", ", leaving)} is being removed.")
            : Done(Reasons.Steady, "Everything is as wanted.");
    }

    private static string Doing(ReshardingPhase phase) => phase switch
    {
        ReshardingPhase.Filling => "keys that move are copied to their new members",
        ReshardingPhase.Switched => "keys are read from their new members",
        _ => "keys that have moved are deleted from the members that they left",
    };

    private static Verdict Busy(string reason, string message) => new(ConditionTypes.Progressing, true, reason, message);

    private static Verdict Done(string reason, string message) => new(ConditionTypes.Progressing, false, reason, message);
}
