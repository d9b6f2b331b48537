using CacheOperator.Operator.Topology;
using CacheOperator.Topology;

namespace CacheOperator.Fleet;

/// <summary>One round of planning.</summary>
/// <param name="Topology">The document in force after it.</param>
/// <param name="Decisions">What was decided.</param>
/// <param name="Statuses">What the proxies said before, in their order; null for those that did not answer.</param>
internal sealed record FleetRound(TopologyDocument Topology, IReadOnlyList<TopologyDecision> Decisions, IReadOnlyList<ProxyStatus?> Statuses)
{
    /// <summary>What was decided, for people.</summary>
    public IEnumerable<string> Messages => Decisions.Select(decision => decision.Message);
}
