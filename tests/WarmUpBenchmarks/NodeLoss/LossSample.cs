namespace CacheOperator.WarmUpBenchmarks.NodeLoss;

/// <summary>What happened in one interval.</summary>
/// <param name="Seconds">Its end, from the loss on; negative before.</param>
/// <param name="Gets">Of the clients.</param>
/// <param name="LocalHits">Of the zone's member, by its own statistics.</param>
/// <param name="BackendReads">Gets that no cache answered.</param>
/// <param name="Failures">Errors that clients saw, whoever answered in the end.</param>
/// <param name="P99">Milliseconds until a cache had answered, or none could.</param>
/// <param name="Ready">Whether the zone's member may be read.</param>
internal sealed record LossSample(double Seconds, long Gets, long LocalHits, long BackendReads, long Failures, double P99, bool Ready)
{
    /// <summary>Part of the gets that the zone's member answered.</summary>
    public double LocalRate => Gets == 0 ? 0 : Math.Min(1, (double)LocalHits / Gets);

    /// <summary>Part of the gets that any cache answered.</summary>
    public double CacheRate => Gets == 0 ? 0 : 1 - ((double)BackendReads / Gets);
}
