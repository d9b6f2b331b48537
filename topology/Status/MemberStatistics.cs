namespace CacheOperator.Topology;

/// <summary>The statistics of a memcached that the operator uses; names as in its <c>stats</c>.</summary>
public sealed record MemberStatistics
{
    public string? Version { get; init; }

    public long CurrItems { get; init; }

    public long Bytes { get; init; }

    public long LimitMaxBytes { get; init; }

    public long Evictions { get; init; }

    public long GetHits { get; init; }

    public long GetMisses { get; init; }
}
