namespace CacheOperator.Topology;

/// <summary>A proxy that the operator knows.</summary>
public sealed record ProxyIdentity
{
    /// <summary>The proxy's own name (its pod's name), as it reports it in <see cref="ProxyStatus.Name"/>.</summary>
    public required string Name { get; init; }

    /// <summary>0..511, unique among the listed proxies: makes the versions of two proxies differ. Unlisted proxies take one from 512..1023.</summary>
    public required int Number { get; init; }
}
