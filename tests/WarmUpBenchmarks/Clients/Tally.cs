using CacheOperator.Benchmarks.Load;

namespace CacheOperator.WarmUpBenchmarks.Clients;

/// <summary>What a client counted.</summary>
internal sealed class Tally
{
    /// <summary>Gets that have ended, one way or the other.</summary>
    public long Gets { get; set; }

    /// <summary>Those that no cache answered: the client goes to the database.</summary>
    public long BackendReads { get; set; }

    /// <summary>Errors, wrong values and broken connections on the way, whoever answered in the end.</summary>
    public long Failures { get; set; }

    /// <summary>From the first question to the last answer of caches, in nanoseconds.</summary>
    public LatencyHistogram Latency { get; } = new();
}
