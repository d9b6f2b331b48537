using System.Globalization;
using System.Text;
using CacheOperator.Benchmarks.Results;
using CacheOperator.WarmUpBenchmarks.Copying;

namespace CacheOperator.WarmUpBenchmarks.Results;

/// <summary>How fast a member is copied, beside the plain copier.</summary>
internal static class SpeedReport
{
    private const double Mebibyte = 1 << 20;
    private const int LargeValue = 50_000;
    private const double LargeGoal = 1.5e9;
    private const double SmallGoal = 300_000;

    public static ReportSection Of(IReadOnlyList<CopyResult> results, int repetitions) => new(
        "Copying a member",
        Invariant(
            $"""
            One copy of everything that a member with one thread holds to an empty one, from the first request to the last. cache-proxy lists,
            copies and verifies; the plain copier (`Copying/plain-copier.c`) lists and copies 200 items at a time, waits for each batch and verifies nothing.
            Medians of {repetitions}, taken in turn.

            {TableOf(results)}
            ![Items a second](warm-up-speed.svg)
            """),
        [.. results.SelectMany(FiguresOf)],
        new Dictionary<string, string> { ["warm-up-speed.csv"] = CsvOf(results), ["warm-up-speed.svg"] = CopyChart.Of(results) });

    public static string NameOf(Contender contender) => contender == Contender.CacheProxy ? "cache-proxy" : "plain copier";

    private static MarkdownTable TableOf(IReadOnlyList<CopyResult> results)
    {
        var table = new MarkdownTable(
            "items", "copier", "items/s", "MB/s", "against plain", "source µs/item", "target µs/item", "copier µs/item", "peak MiB");
        foreach (var result in results)
        {
            foreach (var contender in result.Runs.Keys)
            {
                var rate = result.Median(contender, run => run.ItemsPerSecond);
                table.Add(
                    Invariant($"{result.Work.Items:N0} x {result.Work.Name}"),
                    NameOf(contender),
                    Invariant($"{rate:N0}"),
                    Invariant($"{rate * result.Work.ValueBytes / 1e6:N0}"),
                    contender == Contender.CacheProxy && result.Runs.ContainsKey(Contender.PlainCopier) ? Invariant($"{result.Ratio:0.00}x") : string.Empty,
                    Invariant($"{result.Median(contender, run => run.SourceCpu):0.00}"),
                    Invariant($"{result.Median(contender, run => run.TargetCpu):0.00}"),
                    Invariant($"{result.Median(contender, run => run.CopierCpu):0.00}"),
                    Invariant($"{result.Median(contender, run => run.PeakBytes) / Mebibyte:0}"));
            }
        }

        return table;
    }

    private static IEnumerable<Figure> FiguresOf(CopyResult result)
    {
        var rate = result.Median(Contender.CacheProxy, run => run.ItemsPerSecond);
        var bytes = rate * result.Work.ValueBytes;
        yield return result.Work.ValueBytes >= LargeValue
            ? new Figure($"copy of {result.Work.Name} values", "1.5 GB/s", Invariant($"{bytes / 1e9:0.00} GB/s"), bytes >= LargeGoal)
            : new Figure($"copy of {result.Work.Name} values", "300,000 items/s", Invariant($"{rate:N0} items/s"), rate >= SmallGoal);
        if (result.Runs.ContainsKey(Contender.PlainCopier))
            yield return new Figure($"the same against the plain copier, {result.Work.Name}", ">= 1.00x", Invariant($"{result.Ratio:0.00}x"), result.Ratio >= 1);
    }

    private static string CsvOf(IReadOnlyList<CopyResult> results)
    {
        var text = new StringBuilder("items,value_bytes,copier,repetition,items_per_second,bytes_per_second,seconds,source_cpu_us_per_item,target_cpu_us_per_item,copier_cpu_us_per_item,peak_rss_bytes\n");
        foreach (var result in results)
        {
            foreach (var (contender, runs) in result.Runs)
            {
                foreach (var (index, run) in runs.Index())
                {
                    text.Append(Invariant($"{result.Work.Items},{result.Work.ValueBytes},{NameOf(contender)},{index + 1},"));
                    text.Append(Invariant($"{run.ItemsPerSecond:0},{run.ItemsPerSecond * result.Work.ValueBytes:0},{run.Seconds:0.000},"));
                    text.Append(Invariant($"{run.SourceCpu:0.000},{run.TargetCpu:0.000},{run.CopierCpu:0.000},{run.PeakBytes}\n"));
                }
            }
        }

        return text.ToString();
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
