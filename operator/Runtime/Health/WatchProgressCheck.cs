using CacheOperator.Operator.Runtime.Watching;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CacheOperator.Operator.Runtime.Health;

/// <summary>
/// Alive: every watch loop moves. An API server that is down does not count against it, for a restart would mend nothing
/// and lose the caches.
/// </summary>
internal sealed class WatchProgressCheck(ResourceCaches caches, TimeProvider time) : IHealthCheck
{
    /// <summary>Well above the longest time that a loop may wait for anything.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var now = time.GetUtcNow();
        var stuck = caches.All.Where(informer => now - informer.LastActivity > Limit).Select(informer => informer.Kind.ToString()).ToList();
        return Task.FromResult(stuck.Count == 0
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy($"no progress for {Limit.TotalMinutes} min in watching {string.Join(", ", stuck)}"));
    }
}
