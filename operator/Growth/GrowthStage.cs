namespace CacheOperator.Operator.Growth;

/// <summary>What a member that is given more memory waits for.</summary>
internal enum GrowthStage
{
    /// <summary>Its container to run.</summary>
    Running,

    /// <summary>The server, to take its pod's new resources.</summary>
    Asking,

    /// <summary>Its node, to give the container what it was told to.</summary>
    Resizing,

    /// <summary>Its node, which has no room for that at present.</summary>
    Deferred,

    /// <summary>The proxies, to give memcached the new limit.</summary>
    Raising,

    /// <summary>A proxy that answers: without one nothing can be said of any member.</summary>
    Proxies,
}
