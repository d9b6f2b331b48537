namespace CacheOperator.WarmUpBenchmarks.Copying;

/// <summary>What a copier tells of a copy.</summary>
internal sealed record CopyOutcome(long Items, double Seconds, TimeSpan Cpu, long PeakBytes);
