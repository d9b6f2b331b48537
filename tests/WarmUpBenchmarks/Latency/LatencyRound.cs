namespace CacheOperator.WarmUpBenchmarks.Latency;

/// <summary>A while without a copy, and a copy right after it.</summary>
internal sealed record LatencyRound(LatencySample Without, LatencySample With, double CopiedPerSecond);
