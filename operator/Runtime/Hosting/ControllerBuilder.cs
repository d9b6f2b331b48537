using CacheOperator.Operator.Runtime.Client;
using CacheOperator.Operator.Runtime.Reconciling;
using CacheOperator.Operator.Runtime.Watching;
using k8s;
using k8s.Models;

namespace CacheOperator.Operator.Runtime.Hosting;

/// <summary>Tells what makes an entity be reconciled, besides its own changes.</summary>
internal sealed class ControllerBuilder<TEntity>(OperatorBuilder builder, ReconcilerOptions<TEntity> options)
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    /// <summary>How many entities are reconciled at the same time.</summary>
    public ControllerBuilder<TEntity> WithWorkers(int workers)
    {
        options.Workers = workers;
        return this;
    }

    /// <summary>Objects whose controlling owner reference names an entity, or did so before the change, lead to that entity.</summary>
    public ControllerBuilder<TEntity> Owns<T>(Action<InformerOptions>? informer = null)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var kind = ResourceKind.Of<TEntity>();
        return Watches<T>((change, _) => change.BothWays(item => OwnerMapper.OwnerOf(item, kind)), informer);
    }

    /// <summary>
    /// Changes of a kind lead to the keys that <paramref name="map"/> gives. It is told old and new object, so it can pass over
    /// changes that do not matter, and has the entities at hand for "all of them" or "those which ...". It runs in the watch:
    /// quick, without I/O.
    /// </summary>
    public ControllerBuilder<TEntity> Watches<T>(
        Func<ResourceChange<T>, IResourceCache<TEntity>, IEnumerable<ObjectKey>> map, Action<InformerOptions>? informer = null)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        builder.AddInformer<T>(informer);
        options.Sources.Add((caches, enqueue) =>
        {
            var entities = caches.Of<TEntity>();
            return caches.Of<T>().Subscribe(change =>
            {
                foreach (var key in map(change, entities))
                    enqueue(key);
            });
        });
        return this;
    }
}
