namespace CacheOperator.WarmUpBenchmarks.Results;

/// <summary>A number that there is a goal for.</summary>
internal sealed record Figure(string What, string Goal, string Measured, bool IsReached);
