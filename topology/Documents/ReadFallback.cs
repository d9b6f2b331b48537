namespace CacheOperator.Topology;

/// <summary>When a read asks another zone than the proxy's own.</summary>
public enum ReadFallback
{
    /// <summary>When the local member cannot answer. A miss is a miss.</summary>
    OnError,

    /// <summary>Also on a miss; what is found is added to the local member.</summary>
    OnMiss,
}
