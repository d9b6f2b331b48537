namespace CacheOperator.Benchmarks.Targets;

/// <summary>What is compared, in the order of the report.</summary>
internal enum TargetKind
{
    /// <summary>One memcached and nothing in between: the ceiling.</summary>
    Memcached,

    /// <summary>Routes to one zone; does not replicate.</summary>
    Twemproxy,

    /// <summary>memcached's own proxy with routelib: reads locally, writes to three zones and waits for all.</summary>
    BuiltInProxy,

    /// <summary>This project's proxy: reads locally, writes to three zones and waits for a majority.</summary>
    CacheProxy,
}
