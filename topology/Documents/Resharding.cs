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

    /// <summary>Number of shards that have members meanwhile.</summary>
    public int MaxShards() => Math.Max(From, To);

    /// <summary>Shards that keys leave: all of the old ones when growing, those that there will be no more when shrinking.</summary>
    public IEnumerable<int> SourceShards() => To > From ? Enumerable.Range(0, From) : Enumerable.Range(To, From - To);

    /// <summary>Shards that keys go to, from each of the <see cref="SourceShards"/>: the new ones when growing, all that stay when shrinking.</summary>
    public IEnumerable<int> TargetShards() => To > From ? Enumerable.Range(From, To - From) : Enumerable.Range(0, To);

    /// <inheritdoc cref="TargetShards"/>
    public bool IsTarget(int shard) => shard < To && (To < From || shard >= From);
}
