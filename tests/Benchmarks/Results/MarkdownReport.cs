using System.Globalization;
using System.Text;
using CacheOperator.Benchmarks.Targets;

namespace CacheOperator.Benchmarks.Results;

/// <summary>The tables for people.</summary>
internal static class MarkdownReport
{
    private const double GeneratorBound = 0.95;

    public static string HeaderOf() =>
        $"""
        | row | {string.Join(" | ", Enum.GetValues<TargetKind>().Select(kind => kind.Name()))} | better peer: ops, CPU, p99 | same replication: ops, CPU, p99 | |
        |---|{string.Concat(Enumerable.Repeat("---|", Enum.GetValues<TargetKind>().Length))}---|---|---|
        """;

    /// <summary>One line of the table.</summary>
    public static string LineOf(RowResult result)
    {
        var line = new StringBuilder($"| {result.Row.Name} |");
        foreach (var kind in Enum.GetValues<TargetKind>())
        {
            line.Append(' ').Append(result.Median(kind) is { } median ? Cell(median) : "failed").Append(" |");
        }

        var same = result.AgainstTheSameReplication();
        var goal = Goal.Of(result.Row.Workload);
        line.Append(CultureInfo.InvariantCulture, $" {Cell(result.AgainstTheBetter())} | {Cell(same)} | {(same is { } ratios && goal.IsReachedBy(ratios) ? "yes" : "no")} |");
        return line.ToString();
    }

    private static string Cell(Measurement median) => string.Create(
        CultureInfo.InvariantCulture,
        $"{median.Throughput / 1000:0}{(median.GeneratorBusy > GeneratorBound ? "*" : string.Empty)} / {median.CpuPerOperation:0.00} / {median.P50 / 1000:0.00} {median.P99 / 1000:0.00} {median.P999 / 1000:0.00}");

    private static string Cell(Ratios? ratios) => ratios is { } known
        ? string.Create(CultureInfo.InvariantCulture, $"{known.Throughput:0.00} {known.Cpu:0.00} {known.P99:0.00}")
        : "-";
}
