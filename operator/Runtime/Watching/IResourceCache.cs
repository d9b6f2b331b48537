using CacheOperator.Operator.Runtime.Client;
using k8s;
using k8s.Models;

namespace CacheOperator.Operator.Runtime.Watching;

/// <summary>
/// What the API server holds of one kind, as far as this process has heard. Injected wherever objects are read:
/// reconcilers read here and never list. Objects are shared and must not be changed; copy before editing.
/// Their managedFields are left out.
/// </summary>
internal interface IResourceCache<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    /// <summary>False when the server does not have this kind's API, or refuses to show it.</summary>
    bool IsServed { get; }

    /// <summary>One object, or null.</summary>
    T? Get(ObjectKey key);

    /// <summary>Every object, as one consistent snapshot.</summary>
    IReadOnlyCollection<T> List();

    /// <summary>The objects of a namespace whose label <see cref="InformerOptions.GroupLabel"/> has this value; found without looking at the others.</summary>
    /// <param name="group">Namespace, and value of the label.</param>
    IReadOnlyCollection<T> List(ObjectKey group);

    /// <summary>
    /// Calls back for every change, in order, after the cache shows it; what is there already comes first, as added.
    /// The callback runs in the watch itself: it must be quick (put a key in a queue) and not block.
    /// </summary>
    /// <returns>Dispose to stop.</returns>
    IDisposable Subscribe(Action<ResourceChange<T>> handler);
}
