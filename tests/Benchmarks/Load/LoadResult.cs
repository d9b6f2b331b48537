namespace CacheOperator.Benchmarks.Load;

/// <summary>What a run of the load came to.</summary>
internal sealed record LoadResult
{
    /// <summary>Keys read and written within the clocked interval.</summary>
    public required long Operations { get; init; }

    public required TimeSpan Elapsed { get; init; }

    /// <summary>CPU time within the interval.</summary>
    public required CpuReading Cpu { get; init; }

    /// <summary>How much of the interval the load itself was computing: near 1 it is the load that is measured.</summary>
    public required double GeneratorBusy { get; init; }

    /// <summary>Of batches that ended within the interval.</summary>
    public required LatencyHistogram Latency { get; init; }

    /// <summary>Keys read, of the whole run with warm-up and end.</summary>
    public required long TotalGets { get; init; }

    /// <summary>Keys written, of the whole run with warm-up and end.</summary>
    public required long TotalSets { get; init; }
}
