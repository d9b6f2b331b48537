using CacheOperator.Operator.Runtime.Capabilities;
using CacheOperator.Operator.Runtime.Watching;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CacheOperator.Operator.Runtime.Health;

/// <summary>Ready: the server's abilities are known and every needed cache is complete. Leading or not does not matter.</summary>
internal sealed class InformersSyncedCheck(ResourceCaches caches, CapabilityMonitor capabilities) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var missing = caches.All.Where(informer => !informer.HasSynced).Select(informer => $"{informer.Kind} is {informer.State}").ToList();
        if (!capabilities.IsKnown)
            missing.Add("the API server's version is not known");
        return Task.FromResult(missing.Count == 0
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy(string.Join("; ", missing)));
    }
}
