using CacheOperator.Topology;

namespace CacheOperator.Operator.Topology;

/// <param name="Document">The document to be published; the previous one when nothing changed.</param>
/// <param name="Changed">Whether it has to be stored first.</param>
/// <param name="UnderWay">Something waits for proxies or copies: plan again soon.</param>
/// <param name="Decisions">To be told as events once the document is stored.</param>
internal sealed record TopologyPlan(TopologyDocument Document, bool Changed, bool UnderWay, IReadOnlyList<TopologyDecision> Decisions);
