using CacheOperator.Topology;

namespace CacheOperator.Operator.Topology;

/// <summary>What the spec says about the topology, and where nodes are.</summary>
internal sealed record TopologyIntent
{
    /// <summary><c>namespace/name</c>.</summary>
    public required string Cache { get; init; }

    public required int Shards { get; init; }

    /// <summary>The number of shards is not to be changed now, because pods are being replaced.</summary>
    public bool HoldsResharding { get; init; }

    public required IReadOnlyList<string> Zones { get; init; }

    public required ReplicationSettings Replication { get; init; }

    /// <summary>For the filling of one member; 0: no bound.</summary>
    public long MaxBytesPerSecond { get; init; }

    /// <inheritdoc cref="MaxBytesPerSecond"/>
    public long MaxItemsPerSecond { get; init; }

    /// <summary>In how many parts a member is filled at most.</summary>
    public int MaxCopyParts { get; init; } = CopyParts.Most;

    /// <summary>Zone of every known node.</summary>
    public IReadOnlyDictionary<string, string> NodeZones { get; init; } = new Dictionary<string, string>();
}
