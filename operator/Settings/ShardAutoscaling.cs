namespace CacheOperator.Operator.Settings;

/// <summary>Bounds for the number of shards, and how patiently it is chosen.</summary>
/// <param name="MinShards">At least one.</param>
/// <param name="MaxShards">At least <paramref name="MinShards"/>.</param>
/// <param name="ScaleOutAfter">For how long members must have been full and evicting.</param>
/// <param name="ScaleInAfter">For how long one shard less must have had room to spare.</param>
/// <param name="Cooldown">For how long nothing must have been changed or out of order.</param>
internal sealed record ShardAutoscaling(int MinShards, int MaxShards, TimeSpan ScaleOutAfter, TimeSpan ScaleInAfter, TimeSpan Cooldown);
