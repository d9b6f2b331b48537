namespace CacheOperator.Operator.Autoscaling;

/// <summary>What the autoscaler of shards makes of the load.</summary>
internal enum ShardScaling
{
    /// <summary>The number is right.</summary>
    Fits,

    /// <summary>Members are full and evict, but not for long enough, or something was changed a moment ago.</summary>
    UnderPressure,

    /// <summary>Members are full and evict, and more shards are not allowed.</summary>
    AtMaximum,

    /// <summary>One shard more.</summary>
    Out,

    /// <summary>One shard less.</summary>
    In,

    /// <summary>The bounds have been changed.</summary>
    IntoBounds,
}
