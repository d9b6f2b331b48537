using k8s.Models;

namespace CacheOperator.Operator.Api;

internal sealed record ReplicatedCacheStatus
{
    /// <summary>The generation of the spec that this status speaks of.</summary>
    public long? ObservedGeneration { get; init; }

    /// <summary>One per type; see docs/conditions.md.</summary>
    public IReadOnlyList<V1Condition>? Conditions { get; init; }

    /// <summary><c>host:port</c> for clients.</summary>
    public string? Endpoint { get; init; }

    /// <summary>Ready members of wanted ones, as <c>2/3</c>.</summary>
    public string? Members { get; init; }

    /// <summary>Members being filled and how far they are on average, as <c>1 (43%)</c>; absent when there are none.</summary>
    public string? Warming { get; init; }

    public IReadOnlyList<ZoneStatus>? Zones { get; init; }

    public IReadOnlyList<WarmUpStatus>? WarmUps { get; init; }

    /// <summary>Absent when the number of shards is not being changed.</summary>
    public ReshardingStatus? Resharding { get; init; }

    public long? TopologyGeneration { get; init; }

    /// <summary>Shards by which keys are owned (scale subresource).</summary>
    public int? Shards { get; init; }

    public DefaultImagesStatus? DefaultImages { get; init; }

    /// <summary>Selects the members' pods (scale subresource).</summary>
    public string? Selector { get; init; }
}
