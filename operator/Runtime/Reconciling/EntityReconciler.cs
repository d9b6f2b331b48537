using System.Collections.Concurrent;
using CacheOperator.Operator.Runtime.Client;
using CacheOperator.Operator.Runtime.Metrics;
using CacheOperator.Operator.Runtime.Queueing;
using CacheOperator.Operator.Runtime.Watching;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Prometheus;

namespace CacheOperator.Operator.Runtime.Reconciling;

/// <summary>Runs an <see cref="IEntityController{TEntity}"/>: turns changes into keys, keys into reconciles, results into the next try.</summary>
internal sealed partial class EntityReconciler<TEntity>(
    IEntityController<TEntity> controller,
    ReconcilerOptions<TEntity> options,
    ResourceCaches caches,
    TimeProvider time,
    RuntimeMetrics metrics,
    ILogger<EntityReconciler<TEntity>> logger) : ILeaderTask
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly IResourceCache<TEntity> _entities = caches.Of<TEntity>();

    /// <summary>Keys of which something has changed since they were taken from the queue last; the others in it have but come of age.</summary>
    private readonly ConcurrentDictionary<ObjectKey, bool> _changed = new();

    public string Name { get; } = ResourceKind.Of<TEntity>().Kind;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // A queue for each term of leadership: what an earlier one left undone is read from the caches anew.
        using var queue = new KeyQueue(time, options.Backoff);
        void Enqueue(ObjectKey key)
        {
            _changed[key] = true;
            queue.Add(key);
            metrics.QueueDepth.WithLabels(Name).Set(queue.Count);
        }

        var subscriptions = new List<IDisposable>();
        try
        {
            subscriptions.Add(_entities.Subscribe(change => Enqueue(change.Key)));
            foreach (var source in options.Sources)
                subscriptions.Add(source(caches, Enqueue));
            var loops = Enumerable.Range(0, options.Workers).Select(_ => WorkAsync(queue, cancellationToken)).ToList();
            await Task.WhenAll(loops);
        }
        finally
        {
            subscriptions.ForEach(subscription => subscription.Dispose());
            metrics.QueueDepth.WithLabels(Name).Set(0);
        }
    }

    private async Task WorkAsync(KeyQueue queue, CancellationToken cancellationToken)
    {
        // Off the caller: workers start together.
        await Task.Yield();
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var key = await queue.TakeAsync(cancellationToken);
                metrics.QueueDepth.WithLabels(Name).Set(queue.Count);
                try
                {
                    await ReconcileAsync(queue, key, cancellationToken);
                }
                finally
                {
                    queue.Done(key);
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task ReconcileAsync(KeyQueue queue, ObjectKey key, CancellationToken cancellationToken)
    {
        using var scope = logger.BeginScope(new Dictionary<string, object>
        {
            ["controller"] = Name,
            ["key"] = key.ToString(),
            ["reconcileId"] = Guid.NewGuid().ToString("N")[..8],
        });

        // First the mark, then the look: what changes in between is looked at twice.
        var isChanged = _changed.TryRemove(key, out _);
        var entity = _entities.Get(key);
        try
        {
            if (!isChanged && entity is not null && await controller.PollAsync(entity, cancellationToken) is { } after)
            {
                queue.AddAfter(key, after);
                metrics.Polls.WithLabels(Name).Inc();
                return;
            }

            using var timer = metrics.ReconcileDuration.WithLabels(Name).NewTimer();
            var result = entity is null
                ? await controller.DeletedAsync(key, cancellationToken)
                : await controller.ReconcileAsync(entity, cancellationToken);
            Settle(queue, key, result, entity is not null);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _changed[key] = true;
            var wait = Retry(queue, key, "error");
            LogError(e, Name, key, wait);
        }
    }

    /// <summary>The next try is arranged before the result is counted: who sees the count may rely on the try.</summary>
    private void Settle(KeyQueue queue, ObjectKey key, ReconciliationResult result, bool exists)
    {
        if (result.IsSuccess)
        {
            queue.Forget(key);
            if (result.RequeueAfter is { } after)
                queue.AddAfter(key, after);
            if (exists)
                queue.AddAfter(key, Backoff.Between(options.ResyncLow, options.ResyncHigh));
            metrics.Reconciles.WithLabels(Name, "success").Inc();
            return;
        }

        var wait = result.RequeueAfter;
        if (wait is { } chosen)
        {
            queue.AddAfter(key, chosen);
            metrics.Reconciles.WithLabels(Name, "failure").Inc();
        }
        else
        {
            wait = Retry(queue, key, "failure");
        }

        LogFailure(result.Error, Name, key, result.Message ?? "", wait.Value);
    }

    private TimeSpan Retry(KeyQueue queue, ObjectKey key, string result)
    {
        var wait = queue.AddFailed(key);
        metrics.Reconciles.WithLabels(Name, result).Inc();
        metrics.Retries.WithLabels(Name).Inc();
        return wait;
    }

    [LoggerMessage(1100, LogLevel.Error, "{Controller} {Key}: reconcile threw, next try in {Wait}")]
    private partial void LogError(Exception error, string controller, ObjectKey key, TimeSpan wait);

    [LoggerMessage(1101, LogLevel.Warning, "{Controller} {Key}: reconcile failed, next try in {Wait}: {Message}")]
    private partial void LogFailure(Exception? error, string controller, ObjectKey key, string message, TimeSpan wait);
}
