using System.Globalization;
using System.Text;
using CacheOperator.Benchmarks.Results;
using CacheOperator.WarmUpBenchmarks.Latency;

namespace CacheOperator.WarmUpBenchmarks.Results;

/// <summary>What clients of the source notice.</summary>
internal static class LatencyReport
{
    private const double Goal = 1.5;

    public static ReportSection Of(CopyCase work, IReadOnlyList<LatencyResult> results) => new(
        "Clients of the source",
        Invariant(
            $"""
            {LatencyRunner.Rate:N0} gets a second over {LatencyRunner.Connections} connections, straight to the source and whether answers come or not, while it is copied ({work.Items:N0} x {work.Name}) and while it is not,
            in turn: {results[0].Rounds.Count} times each. Medians, microseconds. A copy keeps three processes busy; with two cores the clients wait for a core as well as for the source.
            With the source on a core of its own, the clients go before target and proxy on the rest: what is left is the source's own part.

            {TableOf(results)}
            """),
        [.. results.Where(result => result.Case.IsDefault).Select(result => new Figure(
            "client p99 on the source with a copy at the default pace, against without", "<= 1.5x", Invariant($"{result.Ratio:0.00}x"), result.Ratio <= Goal))],
        new Dictionary<string, string> { ["warm-up-latency.csv"] = CsvOf(results) });

    private static MarkdownTable TableOf(IReadOnlyList<LatencyResult> results)
    {
        var table = new MarkdownTable("pace of the copy", "p50 without", "with", "p99 without", "with", "ratio", "p99.9 without", "with", "copied items/s");
        foreach (var result in results)
        {
            table.Add(
                result.Case.Name,
                Invariant($"{result.Median(round => round.Without.P50):0}"),
                Invariant($"{result.Median(round => round.With.P50):0}"),
                Invariant($"{result.Median(round => round.Without.P99):0}"),
                Invariant($"{result.Median(round => round.With.P99):0}"),
                Invariant($"{result.Ratio:0.00}x"),
                Invariant($"{result.Median(round => round.Without.P999):0}"),
                Invariant($"{result.Median(round => round.With.P999):0}"),
                Invariant($"{result.Median(round => round.CopiedPerSecond):N0}"));
        }

        return table;
    }

    private static string CsvOf(IReadOnlyList<LatencyResult> results)
    {
        var text = new StringBuilder("max_bytes_per_second,processors,round,copy,gets,p50_us,p99_us,p999_us,copied_items_per_second\n");
        foreach (var result in results)
        {
            foreach (var (index, round) in result.Rounds.Index())
            {
                Append("without", round.Without, 0);
                Append("with", round.With, round.CopiedPerSecond);
                void Append(string copy, LatencySample sample, double copied) => text.Append(Invariant(
                    $"{result.Case.MaxBytesPerSecond},{(result.Case.Placement == Placement.Shared ? "shared" : "apart")},{index + 1},{copy},{sample.Gets},{sample.P50:0.0},{sample.P99:0.0},{sample.P999:0.0},{copied:0}\n"));
            }
        }

        return text.ToString();
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
