namespace CacheOperator.Topology;

/// <summary>The number of shards is being changed, see docs/topology.md.</summary>
public sealed record Resharding
{
    /// <summary>Number of shards before.</summary>
    public required int From { get; init; }

    /// <summary>Number of shards after.</summary>
    public required int To { get; init; }

    public required ReshardingPhase Phase { get; init; }

    /// <summary>Generation in which the phase began: what it does has to wait until every proxy has applied that one.</summary>
    public required long Since { get; init; }

    /// <summary>Members that are done with the phase, wholly or in part.</summary>
    public IReadOnlyList<ReshardedMember> Done { get; init => field = value ?? []; } = [];

    /// <summary>Shards that have members meanwhile.</summary>
    public int MaxShards() => Math.Max(From, To);
}
