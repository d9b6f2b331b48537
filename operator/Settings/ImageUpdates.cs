namespace CacheOperator.Operator.Settings;

/// <summary>When a cache that names no images gets those of an operator that has others.</summary>
internal enum ImageUpdates
{
    /// <summary>When somebody asks for it, cache by cache.</summary>
    OnRequest,

    /// <summary>At once, all caches.</summary>
    WithOperator,
}
