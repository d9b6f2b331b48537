namespace CacheOperator.Operator.Api;

/// <summary>
/// What is wanted. Every field is optional. Defaults that are not in the schema are applied when they are used, so
/// that a newer operator may choose better ones where they roll no pod.
/// </summary>
internal sealed record ReplicatedCacheSpec
{
    /// <summary>Zones in order of preference; null: those of the nodes at the first reconcile, kept from then on.</summary>
    public IReadOnlyList<string>? Zones { get; init; }

    /// <summary>Parts of the key space in every zone.</summary>
    public int Shards { get; init; } = 1;

    /// <summary>Null: their number stays as it is said.</summary>
    public ShardAutoscalingSpec? ShardAutoscaling { get; init; }

    /// <summary>Memory for items of one member, as a Kubernetes quantity.</summary>
    public string? Memory { get; init; }

    /// <summary>Largest item, as a Kubernetes quantity.</summary>
    public string? MaxItemSize { get; init; }

    public EngineSpec? Engine { get; init; }

    public ProxySpec? Proxy { get; init; }

    public ReplicationSpec? Replication { get; init; }

    public WarmUpSpec? WarmUp { get; init; }

    public NodeLossSpec? NodeLoss { get; init; }

    public ServiceSpec? Service { get; init; }

    public PodTemplateSpec? PodTemplate { get; init; }

    public NetworkPolicySpec? NetworkPolicy { get; init; }

    public MonitoringSpec? Monitoring { get; init; }

    /// <summary>While true nothing is changed but the status.</summary>
    public bool? Paused { get; init; }
}
