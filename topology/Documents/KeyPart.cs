namespace CacheOperator.Topology;

/// <summary>One of several equal parts of a member's keys, by a hash that has nothing to do with shards.</summary>
public sealed record KeyPart
{
    /// <summary>0..<see cref="Of"/>-1.</summary>
    public required int Number { get; init; }

    /// <summary>How many parts there are.</summary>
    public required int Of { get; init; }
}
