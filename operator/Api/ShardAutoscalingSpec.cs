namespace CacheOperator.Operator.Api;

/// <summary>Leaves the number of shards to the operator, which goes by the memory of the members.</summary>
internal sealed record ShardAutoscalingSpec
{
    /// <summary>Null: one.</summary>
    public int? MinShards { get; init; }

    public int MaxShards { get; init; }

    /// <summary>For how long members must have been full and evicting (a duration such as <c>5m</c>).</summary>
    public string? ScaleOutAfter { get; init; }

    /// <summary>For how long one shard less must have had room to spare.</summary>
    public string? ScaleInAfter { get; init; }

    /// <summary>For how long nothing must have been changed or out of order.</summary>
    public string? Cooldown { get; init; }
}
