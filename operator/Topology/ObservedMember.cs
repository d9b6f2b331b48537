namespace CacheOperator.Operator.Topology;

/// <summary>A memcached pod as the API server shows it.</summary>
internal sealed record ObservedMember
{
    public required string Uid { get; init; }

    public required string Name { get; init; }

    public required string Zone { get; init; }

    public required int Shard { get; init; }

    /// <summary><c>ip:port</c>; null before the pod has one.</summary>
    public string? Address { get; init; }

    /// <summary>What its pod may use for items in MiB, when that is more than it was started with; null also when that is not known now.</summary>
    public long? MemoryMebibytes { get; init; }

    /// <summary>The pod is being deleted.</summary>
    public bool Terminating { get; init; }

    /// <summary>Failed or Succeeded: the process is gone, though the pod object is not.</summary>
    public bool Finished { get; init; }
}
