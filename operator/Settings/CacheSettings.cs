using CacheOperator.Operator.Api;
using CacheOperator.Topology;
using k8s.Models;

namespace CacheOperator.Operator.Settings;

/// <summary>A <see cref="ReplicatedCacheSpec"/> that was checked, with units read and every default filled in.</summary>
internal sealed record CacheSettings
{
    public required string Namespace { get; init; }

    public required string Name { get; init; }

    /// <summary>UID of the <see cref="ReplicatedCache"/>, for owner references.</summary>
    public required string Uid { get; init; }

    /// <summary>Zones asked for; null when they are to be discovered.</summary>
    public IReadOnlyList<string>? Zones { get; init; }

    /// <summary>The number wanted; with <see cref="ShardAutoscaling"/> the one to begin with.</summary>
    public required int Shards { get; init; }

    /// <summary>Null: not wanted.</summary>
    public ShardAutoscaling? ShardAutoscaling { get; init; }

    /// <summary>Memory for items of one member in MiB: memcached's <c>-m</c>.</summary>
    public required long MemoryMebibytes { get; init; }

    public required long MaxItemBytes { get; init; }

    public required string MemcachedImage { get; init; }

    public required int Threads { get; init; }

    public required int MaxConnections { get; init; }

    public IReadOnlyList<string> ExtraArgs { get; init; } = [];

    public required V1ResourceRequirements MemcachedResources { get; init; }

    /// <summary>Null: one a zone, at least two.</summary>
    public int? ProxyReplicas { get; init; }

    /// <summary>Null: not wanted.</summary>
    public ProxyAutoscaling? ProxyAutoscaling { get; init; }

    public required string ProxyImage { get; init; }

    public required V1ResourceRequirements ProxyResources { get; init; }

    public required ReplicationSettings Replication { get; init; }

    public required TimeSpan WarmUpDeadline { get; init; }

    /// <summary>0: no bound.</summary>
    public required long MaxBytesPerSecond { get; init; }

    /// <summary>0: no bound.</summary>
    public required long MaxItemsPerSecond { get; init; }

    public required NodeLossPolicy NodeLossPolicy { get; init; }

    public required TimeSpan NodeLossGracePeriod { get; init; }

    public required ServiceType ServiceType { get; init; }

    public required int ServicePort { get; init; }

    public IReadOnlyDictionary<string, string> ServiceAnnotations { get; init; } = new Dictionary<string, string>();

    public required TrafficDistribution TrafficDistribution { get; init; }

    public required PodTemplateSpec PodTemplate { get; init; }

    public required bool NetworkPolicy { get; init; }

    public required bool ScrapeAnnotations { get; init; }

    /// <summary><c>namespace/name</c>: what the topology document calls the cache.</summary>
    public string CacheName => $"{Namespace}/{Name}";
}
