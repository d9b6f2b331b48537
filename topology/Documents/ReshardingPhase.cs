namespace CacheOperator.Topology;

/// <summary>How far a <see cref="Resharding"/> is.</summary>
public enum ReshardingPhase
{
    /// <summary>Keys are owned by the old number of shards; those that are about to move are written to their new shard as well, after the old one, and copied there.</summary>
    Filling,

    /// <summary>Keys are owned by the new number of shards; those that have moved are still written to their old shard, after the new one, for proxies that read there.</summary>
    Switched,

    /// <summary>Keys are owned by the new number of shards; those that have moved are deleted from the members that they left behind.</summary>
    Purging,
}
