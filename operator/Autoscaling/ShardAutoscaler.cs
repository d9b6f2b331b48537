using CacheOperator.Operator.Settings;

namespace CacheOperator.Operator.Autoscaling;

/// <summary>Decides the number of shards by memory pressure: one step at a time, and only after the load has lasted and nothing has been changed for a while.</summary>
internal static class ShardAutoscaler
{
    /// <param name="bounds">What the spec allows.</param>
    /// <param name="shards">The number there is.</param>
    /// <param name="pressure">The load so far, the present included.</param>
    /// <param name="now">The time.</param>
    public static ShardDecision Decide(ShardAutoscaling bounds, int shards, ShardPressure pressure, DateTimeOffset now)
    {
        // Bounds are a person's word, which does not wait.
        if (Math.Clamp(shards, bounds.MinShards, bounds.MaxShards) is var within && within != shards)
            return new ShardDecision(within, ShardScaling.IntoBounds);
        var mayStep = now - pressure.QuietSince >= bounds.Cooldown;
        if (pressure.FullSince is { } full)
        {
            if (shards == bounds.MaxShards) return new ShardDecision(shards, ShardScaling.AtMaximum);
            return mayStep && now - full >= bounds.ScaleOutAfter
                ? new ShardDecision(shards + 1, ShardScaling.Out)
                : new ShardDecision(shards, ShardScaling.UnderPressure);
        }

        return pressure.SpareSince is { } spare && shards > bounds.MinShards && mayStep && now - spare >= bounds.ScaleInAfter
            ? new ShardDecision(shards - 1, ShardScaling.In)
            : new ShardDecision(shards, ShardScaling.Fits);
    }
}
