using Prometheus;

namespace CacheOperator.Operator.Runtime.Metrics;

/// <summary>The runtime's metrics, in a registry of their own that <c>/metrics</c> serves.</summary>
internal sealed class RuntimeMetrics
{
    public RuntimeMetrics(CollectorRegistry registry)
    {
        Registry = registry;
        var factory = Prometheus.Metrics.WithCustomRegistry(registry);
        ReconcileDuration = factory.CreateHistogram(
            "cacheoperator_reconcile_duration_seconds", "Time a reconcile took.", ["controller"],
            new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(0.005, 2, 14) });
        Reconciles = factory.CreateCounter(
            "cacheoperator_reconcile_total", "Reconciles by result: success, failure or error (an exception).", ["controller", "result"]);
        Polls = factory.CreateCounter("cacheoperator_poll_total", "Quick looks that found nothing to reconcile.", ["controller"]);
        QueueDepth = factory.CreateGauge("cacheoperator_queue_depth", "Keys that wait for a worker.", ["controller"]);
        Retries = factory.CreateCounter("cacheoperator_queue_retries_total", "Keys put back with backoff.", ["controller"]);
        Leader = factory.CreateGauge("cacheoperator_leader", "1 while this process leads.");
        InformerSynced = factory.CreateGauge("cacheoperator_informer_synced", "1 when the cache of a kind is complete.", ["kind"]);
        InformerObjects = factory.CreateGauge("cacheoperator_informer_objects", "Objects in the cache of a kind.", ["kind"]);
        InformerLists = factory.CreateCounter("cacheoperator_informer_lists_total", "Full lists of a kind; more than a few mean lost watches.", ["kind"]);
        InformerWatches = factory.CreateCounter(
            "cacheoperator_informer_watches_total", "Watches that ended, by how: ended, expired, silent or failed.", ["kind", "end"]);
        Applies = factory.CreateCounter("cacheoperator_apply_total", "Applies by outcome: unchanged, created or changed.", ["kind", "outcome"]);
        Events = factory.CreateCounter("cacheoperator_events_total", "Kubernetes events by outcome: sent, dropped or failed.", ["outcome"]);
    }

    public CollectorRegistry Registry { get; }

    public Histogram ReconcileDuration { get; }

    public Counter Reconciles { get; }

    public Counter Polls { get; }

    public Gauge QueueDepth { get; }

    public Counter Retries { get; }

    public Gauge Leader { get; }

    public Gauge InformerSynced { get; }

    public Gauge InformerObjects { get; }

    public Counter InformerLists { get; }

    public Counter InformerWatches { get; }

    public Counter Applies { get; }

    public Counter Events { get; }
}
