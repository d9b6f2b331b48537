using CacheOperator.Operator.Runtime.Client;
using k8s;
using k8s.Models;

namespace CacheOperator.Operator.Runtime.Watching;

/// <summary>How an object in a cache changed.</summary>
/// <param name="Old">The object before; null when added.</param>
/// <param name="New">The object now; null when deleted.</param>
internal readonly record struct ResourceChange<T>(T? Old, T? New)
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    public ResourceChangeType Type =>
        Old is null ? ResourceChangeType.Added : New is null ? ResourceChangeType.Deleted : ResourceChangeType.Modified;

    /// <summary>The object now, or as it was last seen when deleted.</summary>
    public T Object => New ?? Old!;

    /// <summary>Where the object leads to, and where it did before: what is taken away is missed by whom it belonged to.</summary>
    public IEnumerable<ObjectKey> BothWays(Func<T, ObjectKey?> map) =>
        new[] { Old, New }.OfType<T>().Select(map).OfType<ObjectKey>().Distinct();

    public ObjectKey Key => ObjectKey.Of(Object);
}
