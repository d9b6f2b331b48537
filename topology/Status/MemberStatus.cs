namespace CacheOperator.Topology;

/// <summary>A member as one proxy sees it.</summary>
public sealed record MemberStatus
{
    public required string Uid { get; init; }

    /// <summary>The process met at the last successful connect, by <see cref="Topology.Incarnation"/>; null before the first.</summary>
    public string? Incarnation { get; init; }

    /// <summary>Whether this proxy can reach it now (false: ejected).</summary>
    public required bool Reachable { get; init; }

    /// <summary>For how long it has not been able to reach it; 0 while it can.</summary>
    public long UnreachableSeconds { get; init; }

    /// <summary>Whether this proxy reads from it now.</summary>
    public required bool ServesReads { get; init; }

    /// <summary>The epoch that <see cref="MissedWrites"/> counts in.</summary>
    public required long Epoch { get; init; }

    /// <summary>Writes of this epoch that the member lacks for good. While above 0 this proxy does not read from it.</summary>
    public required long MissedWrites { get; init; }

    /// <summary>
    /// Keys of which it missed writes of this epoch that this proxy remembers and makes up for once it reaches the member. While above 0 this
    /// proxy does not read from it; when that takes too long, or they are too many, they become <see cref="MissedWrites"/>.
    /// </summary>
    public long Hints { get; init; }

    /// <summary>From the member's <c>stats</c>, at most a few seconds old; null before the first answer.</summary>
    public MemberStatistics? Statistics { get; init; }
}
