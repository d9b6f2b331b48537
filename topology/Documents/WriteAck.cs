namespace CacheOperator.Topology;

/// <summary>How many replicas must have answered before a client's write is answered.</summary>
public enum WriteAck
{
    /// <summary>A majority of the Ready replicas that includes the local zone's member and the key's primary.</summary>
    Majority,

    /// <summary>Every Ready replica that is not ejected.</summary>
    All,

    /// <summary>The local zone's member (the primary where the local zone has none).</summary>
    Local,
}
