using CacheOperator.Operator.Api;
using CacheOperator.Operator.Runtime.Reconciling;
using CacheOperator.Operator.Runtime.Watching;
using Prometheus;

namespace CacheOperator.Operator.Status;

/// <summary>
/// Counts the caches by what their conditions say, whenever somebody asks for the metrics. Only the leader does, so that the sum over all copies of the operator is right.
/// Which caches it is, <c>kubectl get rcache -A</c> shows.
/// </summary>
internal sealed class ConditionMetrics : ILeaderTask
{
    private readonly IResourceCache<ReplicatedCache> _caches;
    private readonly Gauge _gauge;
    private volatile bool _leads;

    public ConditionMetrics(CollectorRegistry registry, IResourceCache<ReplicatedCache> caches)
    {
        _caches = caches;
        _gauge = Prometheus.Metrics.WithCustomRegistry(registry).CreateGauge(
            "cacheoperator_caches", "ReplicatedCaches by the status of a condition, on the leader.", ["condition", "status"]);
        registry.AddBeforeCollectCallback(Update);
    }

    public string Name => "condition metrics";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        _leads = true;
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }
        finally
        {
            _leads = false;
        }
    }

    private void Update()
    {
        IEnumerable<ReplicatedCache> caches = _leads ? _caches.List() : [];
        var counts = caches.SelectMany(cache => cache.Status?.Conditions ?? []).CountBy(condition => (condition.Type, condition.Status)).ToDictionary();
        foreach (var labels in _gauge.GetAllLabelValues().Where(labels => !counts.ContainsKey((labels[0], labels[1]))))
            _gauge.WithLabels(labels).Set(0); // Not removed: an alert that clears and a series that ends are not the same.
        foreach (var ((type, status), count) in counts)
            _gauge.WithLabels(type, status).Set(count);
    }
}
