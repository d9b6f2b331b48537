using CacheOperator.Operator.Autoscaling;
using CacheOperator.Topology;

namespace CacheOperator.Operator.Topology;

/// <param name="Document">The document in force; null before the first.</param>
/// <param name="Proxies">The proxies as they answered before the document was sent.</param>
/// <param name="Changed">A new generation was stored.</param>
/// <param name="UnderWay">Something waits for proxies or copies.</param>
internal sealed record TopologyOutcome(TopologyDocument? Document, IReadOnlyList<ObservedProxy> Proxies, bool Changed, bool UnderWay)
{
    /// <summary>What the autoscaler of shards made of the load; null when it was not asked.</summary>
    public ShardScaling? ShardScaling { get; init; }
}
