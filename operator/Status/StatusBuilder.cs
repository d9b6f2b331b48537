using CacheOperator.Operator.Api;

namespace CacheOperator.Operator.Status;

/// <summary>The whole status, a pure function of what was observed and of the status before (for its times).</summary>
internal static class StatusBuilder
{
    /// <param name="volatileDue">See <see cref="VolatileNumbers.Settle"/>.</param>
    public static ReplicatedCacheStatus Build(StatusInput input, ReplicatedCache cache, bool volatileDue, DateTimeOffset now)
    {
        var health = new FleetHealth(input);
        var available = AvailableCondition.Of(input, health);
        var progressing = ProgressingCondition.Of(input, health);
        var degraded = DegradedCondition.Of(input, health);
        var ready = ReadyCondition.Of(input, available, progressing, degraded);
        var warmUps = WarmUpStatuses.Of(input, health);
        return new ReplicatedCacheStatus
        {
            ObservedGeneration = cache.Metadata.Generation,
            Conditions = ConditionList.Merge(
                cache.Status?.Conditions ?? [],
                [
                    ready, available, progressing, degraded, .. UnusedZoneCondition.Of(input), .. UpdateAvailableCondition.Of(input, cache),
                    .. ProxyAutoscalingCondition.Of(input), .. ShardAutoscalingCondition.Of(input), .. KstatusConditions.Of(input, progressing),
                ],
                cache.Metadata.Generation,
                now),
            Endpoint = input.Endpoint,
            Members = input.Document is null ? null : $"{health.Serving.Count}/{health.Desired}",
            Warming = WarmUpStatuses.Summary(warmUps),
            Zones = VolatileNumbers.Settle(cache.Status?.Zones ?? [], ZoneStatuses.Of(input, health), volatileDue),
            WarmUps = warmUps.Count > 0 ? warmUps : null,
            Resharding = ReshardingStatuses.Of(input),
            TopologyGeneration = input.Document?.Generation,
            Shards = input.Document?.Shards,
            DefaultImages = input.DefaultImages,
            Selector = input.Selector,
        };
    }
}
