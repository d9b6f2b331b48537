namespace CacheOperator.Operator.Status;

/// <summary>Whether clients are served: some member of every shard, and some proxy.</summary>
internal static class AvailableCondition
{
    public static Verdict Of(StatusInput input, FleetHealth health)
    {
        if (input.Document is null)
        {
            return input.Faults.Count > 0
                ? new Verdict(ConditionTypes.Available, false, Reasons.InvalidSpec, "Nothing was made, because the spec is not valid.")
                : new Verdict(ConditionTypes.Available, false, Reasons.Starting, "The cache is being made.");
        }

        if (health.DeadShards.Count > 0)
        {
            return new Verdict(ConditionTypes.Available, false, Reasons.ShardUnavailable,
                $"No member serves shard {string.Join(", ", health.DeadShards)}.");
        }

        return input.ReadyProxies == 0
            ? new Verdict(ConditionTypes.Available, false, Reasons.NoReadyProxy, "No proxy is ready.")
            : new Verdict(ConditionTypes.Available, true, Reasons.Serving, "Every shard is served.");
    }
}
