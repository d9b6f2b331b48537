namespace CacheOperator.Operator.Status;

internal enum ProxyAutoscalingState
{
    InPlace,

    /// <summary>The server has no such kind.</summary>
    NotServed,

    /// <summary>The autoscaler says that it cannot measure.</summary>
    WithoutMetrics,
}
