namespace CacheOperator.WarmUpBenchmarks.Latency;

/// <summary>Which processor runs what.</summary>
internal enum Placement
{
    /// <summary>Any of them anything.</summary>
    Shared,

    /// <summary>One for the source alone; clients before target and proxy on the others: nearest to machines of their own.</summary>
    Apart,
}
