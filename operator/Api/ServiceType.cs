namespace CacheOperator.Operator.Api;

internal enum ServiceType
{
    ClusterIP,
    NodePort,
    LoadBalancer,
}
