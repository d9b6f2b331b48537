namespace CacheOperator.WarmUpBenchmarks.Results;

/// <summary>A line of a chart.</summary>
internal sealed record LineSeries(string Name, string Color, IReadOnlyList<(double X, double Y)> Points);
