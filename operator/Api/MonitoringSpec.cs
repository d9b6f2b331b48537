namespace CacheOperator.Operator.Api;

internal sealed record MonitoringSpec
{
    public MonitoringDiscovery? Discovery { get; init; }
}
