using CacheOperator.Operator.Runtime.Capabilities;
using CacheOperator.Operator.Runtime.LeaderElection;
using CacheOperator.Operator.Runtime.Reconciling;
using CacheOperator.Operator.Runtime.Watching;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CacheOperator.Operator.Runtime.Hosting;

/// <summary>Runs the leader tasks while this process leads.</summary>
internal sealed partial class LeaderService(
    LeaderElector elector,
    IEnumerable<ILeaderTask> tasks,
    ResourceCaches caches,
    CapabilityMonitor capabilities,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<LeaderService> logger) : BackgroundService
{
    private static readonly Backoff Restart = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // At the signal, and not when the web server before it in the row has seen its last client off.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping, stoppingToken);
        try
        {
            // Whoever cannot see the cluster must not lead it, but may learn meanwhile whether somebody does.
            var look = elector.LookAsync(stop.Token);
            await caches.WaitForSyncAsync(stop.Token);
            await capabilities.WaitAsync(stop.Token);
            await look;
            await elector.RunAsync(term => Task.WhenAll(tasks.Select(task => KeepRunningAsync(task, term))), stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    private async Task KeepRunningAsync(ILeaderTask task, CancellationToken term)
    {
        await Task.Yield();
        for (var failures = 1; !term.IsCancellationRequested; failures++)
        {
            try
            {
                await task.RunAsync(term);
                if (!term.IsCancellationRequested)
                    LogEnded(null, task.Name);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                if (!term.IsCancellationRequested)
                    LogEnded(e, task.Name);
            }

            await Task.Delay(Restart.After(failures), time, term).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(1600, LogLevel.Error, "Leader task {Task} ended by itself and is started again")]
    private partial void LogEnded(Exception? error, string task);
}
