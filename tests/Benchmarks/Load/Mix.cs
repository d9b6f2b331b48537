namespace CacheOperator.Benchmarks.Load;

/// <summary>What the requests are.</summary>
internal enum Mix
{
    Get,

    Set,

    /// <summary>One set to nine gets, at random.</summary>
    OneToNine,
}
