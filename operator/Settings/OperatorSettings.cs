namespace CacheOperator.Operator.Settings;

/// <summary>What the operator was started with, as far as the objects that it makes depend on it.</summary>
internal sealed record OperatorSettings
{
    /// <summary>The newest memcached with explicit CAS fixes; 1.6.27 is the oldest that works.</summary>
    public const string DefaultMemcachedImage = "docker.io/library/memcached:1.6.45";

    public const string DefaultProxyImage = "ghcr.io/cacheoperator/cache-proxy:0.1.0";

    public string MemcachedImage { get; init; } = DefaultMemcachedImage;

    public string ProxyImage { get; init; } = DefaultProxyImage;

    public ImageUpdates ImageUpdates { get; init; }

    /// <summary>Namespace of the operator's own pods; null when it runs outside the cluster.</summary>
    public string? Namespace { get; init; }
}
