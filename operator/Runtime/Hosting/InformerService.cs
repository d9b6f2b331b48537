using CacheOperator.Operator.Runtime.Watching;
using Microsoft.Extensions.Hosting;

namespace CacheOperator.Operator.Runtime.Hosting;

/// <summary>Runs every informer from start to end, leading or not, so that a new leader has its caches warm.</summary>
internal sealed class InformerService(ResourceCaches caches) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(caches.All.Select(informer => informer.RunAsync(stoppingToken)));
}
