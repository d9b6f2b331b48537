using CacheOperator.Benchmarks.Idle;
using CacheOperator.Benchmarks.Machine;
using CacheOperator.Benchmarks.Targets;

namespace CacheOperator.Benchmarks.Results;

/// <summary>Everything that a run of the benchmark found.</summary>
/// <param name="Machine">Where.</param>
/// <param name="Repetitions">How often each number of a row was taken; medians are shown.</param>
/// <param name="Interval">Over which.</param>
/// <param name="Rows">The workloads.</param>
/// <param name="Idle">With idle clients; lacks those that failed, empty when not asked for.</param>
/// <param name="StartUp">From start to first answer; the same.</param>
/// <param name="Failures">What did not work, a sentence each.</param>
internal sealed record BenchmarkReport(
    MachineDescription Machine,
    int Repetitions,
    TimeSpan Interval,
    IReadOnlyList<RowResult> Rows,
    IReadOnlyDictionary<TargetKind, IdleResult> Idle,
    IReadOnlyDictionary<TargetKind, TimeSpan> StartUp,
    IReadOnlyList<string> Failures)
{
    private const string Name = "benchmark";

    /// <summary>Writes all of its forms, replacing older ones.</summary>
    public void Write(string folder)
    {
        // The whole matrix would make a chart that nobody looks at.
        var headlines = Rows.Where(row => Matrix.Headlines.Contains(row.Row)).ToList();
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, $"{Name}.md"), MarkdownReport.Of(this, chart: $"{Name}.svg"));
        File.WriteAllText(Path.Combine(folder, $"{Name}.csv"), CsvReport.Of(Rows));
        File.WriteAllText(Path.Combine(folder, $"{Name}.svg"), Chart.Of(headlines.Count > 0 ? headlines : Rows));
    }
}
