namespace CacheOperator.LocalCluster;

/// <summary>Whether a node runs and is reachable.</summary>
public enum NodePower
{
    /// <summary>It runs and its cable is plugged in.</summary>
    Running,

    /// <summary>It runs; its cable is pulled.</summary>
    Partitioned,

    /// <summary>It lost its power.</summary>
    Stopped,
}
