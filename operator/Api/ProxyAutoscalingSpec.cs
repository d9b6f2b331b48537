namespace CacheOperator.Operator.Api;

/// <summary>Leaves the number of proxies to a HorizontalPodAutoscaler.</summary>
internal sealed record ProxyAutoscalingSpec
{
    /// <summary>Null: one a zone, at least two, but not more than <see cref="MaxReplicas"/>.</summary>
    public int? MinReplicas { get; init; }

    public int MaxReplicas { get; init; }

    /// <summary>Average CPU use that is aimed at, in percent of what a proxy requests.</summary>
    public int? TargetCPUUtilizationPercentage { get; init; }
}
