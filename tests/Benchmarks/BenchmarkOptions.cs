using System.Text.RegularExpressions;

namespace CacheOperator.Benchmarks;

/// <summary>What to measure, and how long.</summary>
internal sealed record BenchmarkOptions
{
    /// <summary>The headline rows only.</summary>
    public bool Quick { get; init; }

    /// <summary>Rows whose name it matches; null for all.</summary>
    public Regex? Only { get; init; }

    public int Repetitions { get; init; } = 3;

    /// <summary>The clocked interval of each measurement.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>Runs before it, not counted.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(0.4);

    /// <summary>Where the reports go.</summary>
    public required string Output { get; init; }

    public bool Wants(string name) => Only?.IsMatch(name) ?? true;
}
