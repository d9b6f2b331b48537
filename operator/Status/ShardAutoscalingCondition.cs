using CacheOperator.Operator.Autoscaling;

namespace CacheOperator.Operator.Status;

/// <summary>What the autoscaler of shards is about. No numbers that move with the load: the status would be written all the time.</summary>
internal static class ShardAutoscalingCondition
{
    /// <returns>One verdict, or none when no such thing is wanted.</returns>
    public static IEnumerable<Verdict> Of(StatusInput input)
    {
        if (input.ShardScaling is not { } scaling) yield break;
        if (input.Document?.Resharding is { } resharding)
        {
            yield return resharding.To > resharding.From
                ? Yes(Reasons.ScalingOut, $"From {resharding.From} to {resharding.To} shards.")
                : Yes(Reasons.ScalingIn, $"From {resharding.From} to {resharding.To} shards.");
            yield break;
        }

        yield return scaling switch
        {
            ShardScaling.AtMaximum => new Verdict(
                ConditionTypes.ShardAutoscaling,
                false,
                Reasons.AtMaximumShards,
                "Members are full and evict items, and spec.shardAutoscaling.maxShards allows no more of them."),
            ShardScaling.UnderPressure => Yes(Reasons.MemoryPressure, "Members are full and evict items; if that lasts there will be one shard more."),
            _ => Yes(Reasons.ShardsFit, "The number of shards fits what the members hold."),
        };
    }

    private static Verdict Yes(string reason, string message) => new(ConditionTypes.ShardAutoscaling, true, reason, message);
}
