namespace CacheOperator.Operator.Api;

/// <summary>A change of the number of shards that is under way.</summary>
internal sealed record ReshardingStatus
{
    public required int From { get; init; }

    public required int To { get; init; }

    /// <summary><c>Filling</c>, <c>Switched</c> or <c>Purging</c>, see docs/topology.md.</summary>
    public required string Phase { get; init; }

    /// <summary>How much of what moves has been copied.</summary>
    public int Percent { get; init; }
}
