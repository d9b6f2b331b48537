using CacheOperator.Proxy.Configuration;
using CacheOperator.Proxy.Hints;
using CacheOperator.Proxy.Members;
using CacheOperator.Proxy.Replication;
using CacheOperator.Proxy.Routing;
using CacheOperator.Proxy.WarmUp;
using CacheOperator.Proxy.Workers;
using CacheOperator.Topology;

namespace CacheOperator.Proxy.Topology;

/// <summary>
/// The topology that this proxy has applied. A document counts as applied when every event loop routes by it and no
/// write that was routed by an older one is under way: from then on every write reaches the members that it names.
/// </summary>
internal sealed class TopologyStore(
    ProxySettings settings, IReadOnlyList<Worker> workers, VersionClock clock, NewerGenerations newer, ICopySupervisor copies, TimeProvider time, TopologyLog log)
    : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private readonly MemberRegistry _registry = new(new HintLimits(settings.MaxHints, settings.MaxHintBytes), time);
    private volatile AppliedTopology? _current;
    private volatile bool _isOutdated;

    /// <summary>What has been applied; null before the first document.</summary>
    public AppliedTopology? Current => _current;

    /// <summary>Whether clients are told that the topology is outdated, because others have acted by a newer one for too long.</summary>
    public bool IsOutdated => _isOutdated;

    /// <summary>The newest generation that members show and that has not been applied; 0 for none.</summary>
    public long NewerGeneration => newer.Newest;

    /// <summary>Applies a document unless one of the same or a higher generation is applied already.</summary>
    /// <exception cref="TopologyException">It cannot be routed by; nothing has changed.</exception>
    /// <exception cref="OtherCacheException">It is of another cache; nothing has changed.</exception>
    public async Task ApplyAsync(TopologyDocument document, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_current is { } current)
            {
                if (current.Document.Cache != document.Cache)
                    throw new OtherCacheException($"cache: this proxy serves {current.Document.Cache}, the document is of {document.Cache}");
                if (document.Generation <= current.Document.Generation) return;
            }

            var zone = RoutingTable.ZoneOf(document, settings.Zone, settings.Node);
            var table = RoutingTable.Build(document, zone);
            clock.Number = ProxyNumber.Of(document, settings.Name);
            var members = _registry.Update(document);
            await Task.WhenAll(workers.Select(worker => ApplyAsync(worker, table, members))).WaitAsync(cancellationToken);
            _current = new AppliedTopology(document, zone, members);
            newer.Applied(document.Generation);
            log.Applied(document.Generation, document.Members.Count, zone ?? "unknown");
            Review(_current);
            RunCopies(_current);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Ends service when the topology is outdated, and goes on with it when it is not any more.</summary>
    public async Task ReviewAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_current is { } current && Review(current)) RunCopies(current);
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    // Whether anything has changed.
    private bool Review(AppliedTopology current)
    {
        var (generation, newest, isOutdated) = (current.Document.Generation, newer.Newest, newer.IsOutdated);
        if (isOutdated == _isOutdated) return false;
        _isOutdated = isOutdated;
        foreach (var worker in workers) worker.SetOutdated(isOutdated);
        if (isOutdated) log.Outdated(generation, newest);
        else log.Current(generation);
        return true;
    }

    // What an outdated topology calls a source may lack writes by now, and what it wants deleted may be wanted again.
    private void RunCopies(AppliedTopology current) => copies.Apply(_isOutdated ? current.Document with { Copies = [], Purges = [] } : current.Document);

    private static Task ApplyAsync(Worker worker, RoutingTable table, IReadOnlyDictionary<string, MemberHealth> members)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        worker.Apply(table, members, done.SetResult);
        return done.Task;
    }
}
