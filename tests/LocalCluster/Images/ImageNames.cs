namespace CacheOperator.LocalCluster.Images;

/// <summary>Names of the project's images, as the chart and the operator ask for them.</summary>
public sealed record ImageNames
{
    public string Operator { get; init; } = "ghcr.io/cacheoperator/cache-operator:0.1.0";

    public string Proxy { get; init; } = "ghcr.io/cacheoperator/cache-proxy:0.1.0";

    /// <summary>All names that the one memcached here is to answer to.</summary>
    public IReadOnlyList<string> Memcached { get; init; } = ["docker.io/library/memcached:1.6", "docker.io/library/memcached:1.6.45"];
}
