namespace CacheOperator.Operator.Api;

internal enum MonitoringDiscovery
{
    /// <summary>The <c>prometheus.io/*</c> annotations on the proxies' pods.</summary>
    Annotations,
    Disabled,
}
