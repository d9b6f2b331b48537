namespace CacheOperator.Operator.Api;

/// <summary>Numbers of members in one zone, and what they hold (followed coarsely, so that traffic alone does not make the status change all the time).</summary>
internal sealed record ZoneStatus
{
    public required string Name { get; init; }

    public int Ready { get; init; }

    public int Warming { get; init; }

    public int Quarantined { get; init; }

    /// <summary>Members that no proxy reaches.</summary>
    public int Unreachable { get; init; }

    public long? Items { get; init; }

    public long? Bytes { get; init; }

    /// <summary>Percent of the reads at the zone's members that found their key; absent before the first read.</summary>
    public int? HitRatio { get; init; }
}
