using System.Text.RegularExpressions;

namespace CacheOperator.Benchmarks;

/// <summary>What to measure, and how long.</summary>
internal sealed record BenchmarkOptions
{
    /// <summary>The headline rows only.</summary>
    public bool Quick { get; init; }

    /// <summary>Names to keep to; null for all.</summary>
    public Regex? Only { get; init; }

    public required int Repetitions { get; init; }

    /// <summary>The clocked interval of each measurement.</summary>
    public required TimeSpan Interval { get; init; }

    /// <summary>Runs before it, not counted.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(0.4);

    public IEnumerable<Row> Rows => (Quick ? Matrix.Headlines : Matrix.All).Where(row => Wants(row.Name));

    /// <param name="name">Of a row, or <c>idle</c> or <c>startup</c>.</param>
    public bool Wants(string name) => Only?.IsMatch(name) ?? true;
}
