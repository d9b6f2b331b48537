namespace CacheOperator.Operator.Autoscaling;

/// <param name="Shards">The number of shards to have.</param>
/// <param name="Scaling">Why.</param>
internal readonly record struct ShardDecision(int Shards, ShardScaling Scaling);
