using System.Globalization;
using CacheOperator.WarmUpBenchmarks.Copying;

namespace CacheOperator.WarmUpBenchmarks.Results;

/// <summary>What a large copy takes.</summary>
internal static class MemoryReport
{
    private const double Megabyte = 1e6;
    private const double Goal = 100 * Megabyte;

    public static ReportSection Of(CopyResult result)
    {
        var run = result.Runs[Contender.CacheProxy].MaxBy(run => run.PeakBytes)!;
        var what = Invariant($"{result.Work.Items:N0} items of {result.Work.Name}");
        return new ReportSection(
            "Memory",
            Invariant(
                $"""
                One copy of {what}: {run.Seconds:0} s, {run.ItemsPerSecond:N0} items/s. The process that copies, the proxy as it is shipped, had
                {run.PeakBytes / Megabyte:0} MB resident at most, from its start to the end of the copy.
                """),
            [new Figure($"peak memory of the proxy, {what}", "< 100 MB", Invariant($"{run.PeakBytes / Megabyte:0} MB"), run.PeakBytes < Goal)],
            new Dictionary<string, string>
            {
                ["warm-up-memory.csv"] = Invariant($"items,value_bytes,items_per_second,seconds,peak_rss_bytes\n{result.Work.Items},{result.Work.ValueBytes},{run.ItemsPerSecond:0},{run.Seconds:0.000},{run.PeakBytes}\n"),
            });
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
