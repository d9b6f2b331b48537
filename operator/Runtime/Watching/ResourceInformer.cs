using CacheOperator.Operator.Runtime.Client;
using CacheOperator.Operator.Runtime.Metrics;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace CacheOperator.Operator.Runtime.Watching;

/// <summary>The cache of one kind and the list/watch loops that feed it: one for the cluster, or one for each watched namespace.</summary>
internal sealed class ResourceInformer<T> : IResourceCache<T>, IInformer
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly ResourceStore<T> _store;
    private readonly ResourceReflector<T>[] _reflectors;
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly RuntimeMetrics _metrics;

    public ResourceInformer(ApiClient client, InformerOptions options, TimeProvider time, RuntimeMetrics metrics, ILogger<ResourceInformer<T>> logger)
    {
        _metrics = metrics;
        Kind = ResourceKind.Of<T>();
        Optional = options.Optional;
        var log = new InformerLog(logger, Kind);
        _store = new ResourceStore<T>(log.HandlerFailed, options.GroupLabel);
        var scopes = options.ClusterScoped || options.Namespaces.Count == 0 ? [null] : options.Namespaces.Select(string? (n) => n).Distinct();
        _reflectors = [.. scopes.Select(scope => new ResourceReflector<T>(client, _store, scope, options, time, metrics, log, OnStateChanged))];
    }

    public ResourceKind Kind { get; }

    public bool Optional { get; }

    public InformerState State
    {
        get
        {
            var states = _reflectors.Select(reflector => reflector.State).ToList();
            return states.Contains(InformerState.Starting) ? InformerState.Starting : states.Max();
        }
    }

    public bool HasSynced => State == InformerState.Synced || (Optional && State != InformerState.Starting);

    public bool IsServed => State is InformerState.Synced or InformerState.Starting;

    public DateTimeOffset LastActivity => _reflectors.Min(reflector => reflector.LastActivity);

    public T? Get(ObjectKey key) => _store.Objects.GetValueOrDefault(key);

    public IReadOnlyCollection<T> List() => [.. _store.Objects.Values];

    public IReadOnlyCollection<T> List(ObjectKey group) => [.. _store.Group(group)];

    public IDisposable Subscribe(Action<ResourceChange<T>> handler) => _store.Subscribe(handler);

    public Task RunAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(_reflectors.Select(reflector => reflector.RunAsync(cancellationToken)));

    public Task WaitForSyncAsync(CancellationToken cancellationToken) => _synced.Task.WaitAsync(cancellationToken);

    private void OnStateChanged()
    {
        _metrics.InformerObjects.WithLabels(Kind.Plural).Set(_store.Objects.Count);
        _metrics.InformerSynced.WithLabels(Kind.Plural).Set(State == InformerState.Synced ? 1 : 0);
        if (HasSynced)
            _synced.TrySetResult();
    }
}
