namespace CacheOperator.WarmUpBenchmarks.NodeLoss;

internal enum LossVariant
{
    /// <summary>This project: proxies, and a replacement that is filled before it is read.</summary>
    WarmUp,

    /// <summary>A memcached in every zone, each for the clients of its zone, and nothing else.</summary>
    Nothing,

    /// <summary>The same, but on a miss clients ask the next zone's and set what it has in their own.</summary>
    Lazy,
}
