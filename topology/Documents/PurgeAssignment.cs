namespace CacheOperator.Topology;

/// <summary>
/// Tells one proxy to delete from one member every key that another shard owns. Starts, ends and is reported as a <see cref="CopyAssignment"/> is.
/// </summary>
public sealed record PurgeAssignment
{
    /// <summary>Unique among purges and copies.</summary>
    public required string Id { get; init; }

    /// <summary>Name of the proxy that deletes.</summary>
    public required string Proxy { get; init; }

    /// <summary>UID of a Ready member.</summary>
    public required string Member { get; init; }
}
