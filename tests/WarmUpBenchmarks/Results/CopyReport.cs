using System.Globalization;
using System.Text;
using CacheOperator.Benchmarks.Machine;
using CacheOperator.Benchmarks.Results;
using CacheOperator.WarmUpBenchmarks.Copying;

namespace CacheOperator.WarmUpBenchmarks.Results;

/// <summary>What a run found.</summary>
internal sealed record CopyReport(MachineDescription Machine, int Repetitions, IReadOnlyList<CopyResult> Results)
{
    private const string Name = "warm-up";
    private const double Mebibyte = 1 << 20;

    /// <summary>Writes all of its forms, replacing older ones.</summary>
    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, $"{Name}.md"), ToMarkdown());
        File.WriteAllText(Path.Combine(folder, $"{Name}.csv"), ToCsv());
        File.WriteAllText(Path.Combine(folder, $"{Name}.svg"), CopyChart.Of(Results));
    }

    public string ToMarkdown()
    {
        var table = new MarkdownTable(
            "items", "copier", "items/s", "MB/s", "against plain", "source µs/item", "target µs/item", "copier µs/item", "peak MiB");
        foreach (var result in Results)
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

        return Invariant(
            $"""
            # Copying a member

            One copy of everything that a member with one thread holds to an empty one, from the first request to the last. cache-proxy lists,
            copies and verifies; the plain copier (`Copying/plain-copier.c`) lists and copies 200 items at a time, waits for each batch and verifies nothing.
            Medians of {Repetitions}, taken in turn, on {Machine.Cores} cores ({Machine.Processor}), {Machine.System}, Linux {Machine.Kernel}, {string.Join(", ", Machine.Versions)}.

            {table}
            ![Items a second](warm-up.svg)

            """);
    }

    public static string NameOf(Contender contender) => contender == Contender.CacheProxy ? "cache-proxy" : "plain copier";

    private string ToCsv()
    {
        var text = new StringBuilder("items,value_bytes,copier,repetition,items_per_second,bytes_per_second,seconds,source_cpu_us_per_item,target_cpu_us_per_item,copier_cpu_us_per_item,peak_rss_bytes\n");
        foreach (var result in Results)
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
