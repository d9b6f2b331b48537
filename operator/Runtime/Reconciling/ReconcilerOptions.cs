using CacheOperator.Operator.Runtime.Client;
using CacheOperator.Operator.Runtime.Watching;
using k8s;
using k8s.Models;

namespace CacheOperator.Operator.Runtime.Reconciling;

/// <summary>How the entities of one kind are reconciled. Made by <see cref="Hosting.ControllerBuilder{TEntity}"/>.</summary>
internal sealed class ReconcilerOptions<TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    /// <summary>Entities reconciled at the same time.</summary>
    public int Workers { get; set; } = 4;

    /// <summary>Every entity is reconciled again after a random time between the two, changed or not.</summary>
    public TimeSpan ResyncLow { get; set; } = TimeSpan.FromMinutes(5);

    public TimeSpan ResyncHigh { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Waits of an entity whose reconcile fails.</summary>
    public Backoff Backoff { get; set; } = new(TimeSpan.FromMilliseconds(5), TimeSpan.FromMinutes(5));

    /// <summary>Subscriptions to other kinds, each of which turns changes into keys of entities.</summary>
    public List<Func<ResourceCaches, Action<ObjectKey>, IDisposable>> Sources { get; } = [];
}
