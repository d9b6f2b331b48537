namespace CacheOperator.Proxy.Replication;

/// <summary>What has come of a write on one replica.</summary>
internal enum Verdict
{
    /// <summary>More requests to this replica are under way.</summary>
    Pending,
    Applied,

    /// <summary>It answered with an error and no longer holds the item.</summary>
    Refused,

    /// <summary>It could not be brought to the state wanted.</summary>
    Failed,
}
