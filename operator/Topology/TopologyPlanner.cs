using CacheOperator.Topology;

namespace CacheOperator.Operator.Topology;

/// <summary>
/// Decides the next topology document, as docs/topology.md describes. A pure function of the document before and of what was
/// observed: whoever becomes leader goes on where the last one stopped.
/// </summary>
internal static class TopologyPlanner
{
    /// <param name="previous">The stored document; null before the first.</param>
    /// <param name="intent">What the spec wants.</param>
    /// <param name="members">Pods of members.</param>
    /// <param name="proxies">Pods of proxies that are not Failed or Succeeded.</param>
    /// <param name="now">The time.</param>
    /// <param name="departed">What proxies said last that are no more.</param>
    public static TopologyPlan Plan(
        TopologyDocument? previous,
        TopologyIntent intent,
        IReadOnlyList<ObservedMember> members,
        IReadOnlyList<ObservedProxy> proxies,
        DateTimeOffset now,
        IReadOnlyList<ProxyStatus>? departed = null)
    {
        var fleet = new FleetView(proxies, departed);
        var draft = new PlanDraft(previous, intent, fleet, now);
        ReshardingStart.Apply(draft);
        MemberObservation.Apply(draft, members);
        CopyOutcome.Apply(draft);
        MoveOutcome.Apply(draft);
        PurgeOutcome.Apply(draft);
        MissedWrites.Apply(draft);
        UnreachableMembers.Apply(draft);
        Promotion.Apply(draft);
        ReshardingAdvance.Apply(draft);
        CopyPlanner.Apply(draft);
        MovePlanner.Apply(draft);
        PurgePlanner.Apply(draft);

        var document = new TopologyDocument
        {
            Cache = intent.Cache,
            Generation = draft.Generation,
            Schema = draft.Resharding is null ? 1 : 2,
            Shards = draft.Shards,
            Resharding = draft.Resharding,
            Replication = intent.Replication,
            Zones = [.. intent.Zones, .. draft.Members.Select(m => m.Zone).Where(z => !intent.Zones.Contains(z)).Distinct()],
            Nodes = NodesOf(intent, proxies),
            Members = [.. draft.Members],
            Proxies = ProxyNumbers.Assign(previous?.Proxies ?? [], proxies.Select(p => p.Name)),
            Copies = draft.Copies,
            Purges = draft.Purges,
        };
        var changed = previous is null || previous.Generation < fleet.NewestGeneration || !TopologyJson.SameContent(previous, document);
        if (!changed) document = previous!;
        var underWay = document.Resharding is not null || document.Members.Any(m => m.State is not (MemberState.Ready or MemberState.Cold) || fleet.Hints(m) > 0) || !fleet.HasApplied(document.Generation);
        return new TopologyPlan(document, changed, underWay, draft.Decisions);
    }

    /// <summary>Only nodes that carry a proxy: others need no entry, and every change of the document reaches the whole fleet.</summary>
    private static SortedDictionary<string, string> NodesOf(TopologyIntent intent, IReadOnlyList<ObservedProxy> proxies)
    {
        var nodes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var node in proxies.Select(p => p.Node).OfType<string>())
        {
            if (intent.NodeZones.TryGetValue(node, out var zone)) nodes[node] = zone;
        }

        return nodes;
    }
}
