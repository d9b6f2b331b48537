namespace CacheOperator.WarmUpBenchmarks.Heat;

/// <summary>What the target was worth when so much had been copied.</summary>
/// <param name="Copied">Part of the source's items that the target held.</param>
/// <param name="HitRate">Part of the source's hit rate that these have.</param>
/// <param name="BestPossible">The same for as many items, had they been exactly the most popular ones that the source held.</param>
internal sealed record HeatSample(double Copied, double HitRate, double BestPossible);
