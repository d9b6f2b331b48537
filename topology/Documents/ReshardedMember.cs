namespace CacheOperator.Topology;

/// <summary>What a member has done of a phase of <see cref="Resharding"/>.</summary>
public sealed record ReshardedMember
{
    /// <summary>UID of the member.</summary>
    public required string Uid { get; init; }

    /// <summary>Epoch that it did it in: a new one means that it is to be done again.</summary>
    public required long Epoch { get; init; }

    /// <summary>In <see cref="ReshardingPhase.Filling"/>, the shards whose keys it has been given; else empty: being listed says all.</summary>
    public IReadOnlyList<int> From { get; init => field = value ?? []; } = [];
}
