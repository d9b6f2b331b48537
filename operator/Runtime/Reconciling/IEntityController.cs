using CacheOperator.Operator.Runtime.Client;
using k8s;
using k8s.Models;

namespace CacheOperator.Operator.Runtime.Reconciling;

/// <summary>
/// Brings the cluster to what an entity asks for. Called on the leader only, never twice at a time for one entity,
/// after any change of the entity or of what it is mapped from, and every few minutes besides. Look at the whole state
/// each time (through <see cref="Watching.IResourceCache{T}"/>): which change led here is not told, and several become one call.
/// An exception is logged once and the entity tried again with backoff.
/// </summary>
internal interface IEntityController<TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    /// <param name="entity">From the cache: shared, not to be changed.</param>
    /// <param name="cancellationToken">Cancelled when leadership is lost: stop writing at once.</param>
    Task<ReconciliationResult> ReconcileAsync(TEntity entity, CancellationToken cancellationToken);

    /// <summary>
    /// Comes before <see cref="ReconcileAsync"/> when the time for it has come and nothing that is watched has changed since the last one: whoever
    /// only waits for something that no watch tells can have a quick look whether it has happened.
    /// </summary>
    /// <returns>When to look again; null when the entity is to be reconciled now.</returns>
    Task<TimeSpan?> PollAsync(TEntity entity, CancellationToken cancellationToken) => Task.FromResult<TimeSpan?>(null);

    /// <summary>
    /// The entity is gone. What it owned goes by owner references; only what this process remembers of it has to be dropped.
    /// Not promised to be called: a deletion while nobody led goes unseen.
    /// </summary>
    Task<ReconciliationResult> DeletedAsync(ObjectKey key, CancellationToken cancellationToken);
}
