using CacheOperator.Operator.Observing;
using CacheOperator.Operator.Resources;
using CacheOperator.Operator.Topology;
using CacheOperator.Topology;
using k8s.Models;

namespace CacheOperator.Operator.Growth;

/// <summary>Everything that the growth of a zone's members depends on.</summary>
internal sealed record GrowthInput
{
    public required RenderContext Context { get; init; }

    public required string Zone { get; init; }

    /// <summary>The zone's StatefulSet; null before the first.</summary>
    public V1StatefulSet? Live { get; init; }

    /// <summary>The zone's members.</summary>
    public required IReadOnlyList<ObservedPod> Pods { get; init; }

    /// <summary>All members of the zone serve.</summary>
    public bool IsWhole { get; init; }

    public required TopologyDocument Document { get; init; }

    public required FleetView Fleet { get; init; }

    public required GrowthLedger Ledger { get; init; }

    public required DateTimeOffset Now { get; init; }

    /// <summary>Some proxy gives members the limit that the topology names.</summary>
    public bool CanRaise => Fleet.Live.Any(p => p.Status is { RaisesMemory: true });
}
