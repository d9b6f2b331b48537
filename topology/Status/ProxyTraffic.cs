namespace CacheOperator.Topology;

/// <summary>Counts since the proxy started.</summary>
public sealed record ProxyTraffic
{
    /// <summary>Keys read by clients.</summary>
    public long Reads { get; init; }

    /// <summary>Keys read and found.</summary>
    public long Hits { get; init; }

    /// <summary>Reads answered by another zone than the proxy's own.</summary>
    public long FallbackReads { get; init; }

    public long Writes { get; init; }

    /// <summary>Requests answered with an error that was not the client's fault.</summary>
    public long Errors { get; init; }

    public long Connections { get; init; }
}
