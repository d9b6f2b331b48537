namespace CacheOperator.Operator.Status;

internal static class ConditionTypes
{
    public const string Ready = "Ready";
    public const string Available = "Available";
    public const string Progressing = "Progressing";
    public const string Degraded = "Degraded";

    /// <summary>There are nodes in a zone that the cache does not use; there only while true.</summary>
    public const string UnusedZone = "UnusedZone";

    /// <summary>Whether the number of proxies follows their load; there only while that is wanted.</summary>
    public const string ProxyAutoscaling = "ProxyAutoscaling";

    /// <summary>Whether the number of shards can follow the members' memory; there only while that is wanted.</summary>
    public const string ShardAutoscaling = "ShardAutoscaling";

    /// <summary>The operator has other images than the cache; there only while true.</summary>
    public const string UpdateAvailable = "UpdateAvailable";

    /// <summary>For kstatus (Flux, Argo CD): there only while true.</summary>
    public const string Reconciling = "Reconciling";

    /// <inheritdoc cref="Reconciling"/>
    public const string Stalled = "Stalled";
}
