namespace CacheOperator.Operator.Api;

/// <summary>The proxies that clients talk to.</summary>
internal sealed record ProxySpec
{
    /// <summary>Number of proxies; null: one a zone, at least two.</summary>
    public int? Replicas { get; init; }

    /// <summary>Null: the number stays as it is said.</summary>
    public ProxyAutoscalingSpec? Autoscaling { get; init; }

    /// <summary>Image; null: the operator's default.</summary>
    public string? Image { get; init; }

    /// <summary>Takes precedence, entry by entry, over the defaults.</summary>
    public ResourcesSpec? Resources { get; init; }
}
