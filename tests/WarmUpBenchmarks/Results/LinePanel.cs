namespace CacheOperator.WarmUpBenchmarks.Results;

/// <summary>A diagram of lines, its vertical axis from 0 to 100 %.</summary>
/// <param name="Title">Above it.</param>
/// <param name="XLabel">Below it.</param>
/// <param name="Series">At least one point in all.</param>
internal sealed record LinePanel(string Title, string XLabel, IReadOnlyList<LineSeries> Series);
