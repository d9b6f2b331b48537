using CacheOperator.Operator.Runtime.Client;
using k8s;
using k8s.Models;

namespace CacheOperator.Operator.Runtime.Watching;

/// <summary>Every cache of the process, for what works on any kind.</summary>
internal sealed class ResourceCaches(IEnumerable<IInformer> informers)
{
    private readonly Dictionary<ResourceKind, IInformer> _informers = informers.ToDictionary(informer => informer.Kind);

    public IReadOnlyCollection<IInformer> All => _informers.Values;

    /// <summary>The cache of a kind.</summary>
    /// <exception cref="InvalidOperationException">Nobody watches the kind.</exception>
    public IResourceCache<T> Of<T>()
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        (IResourceCache<T>?)_informers.GetValueOrDefault(ResourceKind.Of<T>())
        ?? throw new InvalidOperationException($"{ResourceKind.Of<T>()} is not watched: add an informer for it.");

    /// <summary>Completes when every cache is complete, or optional and not to be had.</summary>
    public Task WaitForSyncAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(All.Select(informer => informer.WaitForSyncAsync(cancellationToken)));
}
