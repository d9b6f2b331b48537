namespace CacheOperator.WarmUpBenchmarks.Results;

/// <summary>One part of the benchmark, reported.</summary>
/// <param name="Title">Heading.</param>
/// <param name="Text">Markdown below it.</param>
/// <param name="Figures">What of it there are goals for.</param>
/// <param name="Files">Content of the files beside the report, by name.</param>
internal sealed record ReportSection(string Title, string Text, IReadOnlyList<Figure> Figures, IReadOnlyDictionary<string, string> Files);
