using System.Globalization;
using System.Text;
using CacheOperator.Benchmarks.Targets;

namespace CacheOperator.Benchmarks.Results;

/// <summary>The report for people.</summary>
internal static class MarkdownReport
{
    /// <summary>From here on it is the load that is measured, and not the target.</summary>
    private const double GeneratorBound = 0.95;
    private const double Mebibyte = 1 << 20;
    private static readonly TargetKind[] Kinds = Enum.GetValues<TargetKind>();

    /// <param name="report">What was found.</param>
    /// <param name="chart">File name of the chart beside it.</param>
    public static string Of(BenchmarkReport report, string chart)
    {
        var text = new StringBuilder("# Benchmark\n\n");
        AppendMachine(text, report);
        if (report.Rows.Count > 0)
        {
            text.Append(Invariant($"\n![CPU per operation, and throughput]({chart})\n"));
            AppendSection(text, "cache-proxy against the others", RatiosHelp, RatiosOf(report.Rows));
            AppendSection(text, "Throughput and CPU", ThroughputHelp, ThroughputOf(report.Rows));
            AppendSection(text, "Latency", "Milliseconds until a whole batch is answered: p50, p99, p99.9.", LatencyOf(report.Rows));
        }

        if (report.Idle.Count > 0) AppendSection(text, "Idle clients", IdleHelp, IdleOf(report));
        if (report.StartUp.Count > 0) AppendSection(text, "Start-up", "Milliseconds from the start of the process to its first answer to a get, by way of a member.", StartUpOf(report));
        if (report.Failures.Count > 0) text.Append("\n## Failures\n").AppendJoin('\n', report.Failures.Select(failure => $"* {failure}")).Append('\n');
        return text.ToString();
    }

    /// <summary>A row in one line, while it all runs.</summary>
    public static string LineOf(RowResult result) => $"{result.Row.Name}: " + string.Join(", ", Kinds.Select(kind =>
        result.Median(kind) is { } median
            ? Invariant($"{kind.Name()} {median.Throughput / 1000:0}k {median.CpuPerOperation:0.00}us p99 {median.P99 / 1000:0.00}ms")
            : $"{kind.Name()} failed")) + $"; {Cell(result.AgainstTheSameReplication())}";

    private const string RatiosHelp =
        """
        Operations per second / CPU time per operation / p99, each divided by the best number of twemproxy and the built-in proxy. Where there are writes, twemproxy
        does a third of the work (it writes one zone): the second column leaves it out there. The goal is `>= 1.0 / <= 0.9 / <= 1.0` for single requests and
        `>= 1.4 / <= 0.5 / <= 0.8` for pipelines and multi-gets, at the same replication.
        """;

    private const string ThroughputHelp =
        """
        Thousand operations (keys read or written) per second / microseconds of CPU time of the process for each / peak resident MiB. `*`: the load took all of a
        core, the target could do more. twemproxy has one thread in every row.
        """;

    private const string IdleHelp =
        "Fresh processes with one thread, used for a moment, then joined by the idle clients, which ask once and stay. Traffic: gets of 64 more clients, before and beside them.";

    private static void AppendMachine(StringBuilder text, BenchmarkReport report)
    {
        var machine = report.Machine;
        text.Append(Invariant($"{machine.Processor}, {machine.Cores} cores, {machine.MemoryBytes / Mebibyte / 1024:0} GiB; {machine.System}, Linux {machine.Kernel}; "))
            .AppendJoin("; ", machine.Versions)
            .Append(Invariant($".\nMedians of {report.Repetitions} interleaved runs of {report.Interval.TotalSeconds:0.#} s. Everything, the load included, shares these cores; all connections are on loopback.\n"))
            .Append("How it is done: `docs/benchmarks.md`.\n\n")
            .Append("Rows: what (`get`, `set`, `mix` = one set to nine gets, `getN` = N keys in one get), `p` requests sent at once, `c` clients, bytes of a value, `t` threads.\n");
    }

    private static void AppendSection(StringBuilder text, string title, string help, MarkdownTable table) =>
        text.Append(Invariant($"\n## {title}\n{help}\n\n{table}"));

    private static MarkdownTable RatiosOf(IReadOnlyList<RowResult> rows)
    {
        var table = new MarkdownTable("row", "better of the two", "same replication", "goal");
        foreach (var row in rows)
        {
            var reached = row.AgainstTheSameReplication() is { } same && Goal.Of(row.Row.Workload).IsReachedBy(same);
            table.Add(row.Row.Name, Cell(row.AgainstTheBetter()), Cell(row.AgainstTheSameReplication()), reached ? "reached" : "missed");
        }

        return table;
    }

    private static MarkdownTable ThroughputOf(IReadOnlyList<RowResult> rows) => PerTarget(rows, median => Invariant(
        $"{median.Throughput / 1000:0}{(median.GeneratorBusy > GeneratorBound ? "*" : string.Empty)} / {median.CpuPerOperation:0.00} / {median.Memory / Mebibyte:0}"));

    private static MarkdownTable LatencyOf(IReadOnlyList<RowResult> rows) => PerTarget(rows, median => Invariant(
        $"{median.P50 / 1000:0.00} / {median.P99 / 1000:0.00} / {median.P999 / 1000:0.00}"));

    private static MarkdownTable PerTarget(IReadOnlyList<RowResult> rows, Func<Measurement, string> cell)
    {
        var table = new MarkdownTable(["row", .. Kinds.Select(kind => kind.Name())]);
        foreach (var row in rows)
            table.Add([row.Row.Name, .. Kinds.Select(kind => row.Median(kind) is { } median ? cell(median) : "failed")]);
        return table;
    }

    private static MarkdownTable IdleOf(BenchmarkReport report)
    {
        var table = new MarkdownTable(
            "", "MiB before", Invariant($"with {Idle.IdleRunner.Clients:#,0} idle"), "peak under traffic", "kops/s before / beside", "p99 ms before / beside");
        foreach (var (kind, idle) in report.Idle)
        {
            table.Add(
                kind == TargetKind.Memcached ? "memcached (holds the data)" : kind.Name(),
                Invariant($"{idle.MemoryBefore / Mebibyte:0}"),
                Invariant($"{idle.MemoryWith / Mebibyte:0}"),
                Invariant($"{idle.With.Memory / Mebibyte:0}"),
                Invariant($"{idle.Before.Throughput / 1000:0} / {idle.With.Throughput / 1000:0}"),
                Invariant($"{idle.Before.P99 / 1000:0.00} / {idle.With.P99 / 1000:0.00}"));
        }

        return table;
    }

    private static MarkdownTable StartUpOf(BenchmarkReport report)
    {
        var table = new MarkdownTable("", "ms");
        foreach (var (kind, time) in report.StartUp) table.Add(kind.Name(), Invariant($"{time.TotalMilliseconds:0.0}"));
        return table;
    }

    private static string Cell(Ratios? ratios) =>
        ratios is { } known ? Invariant($"{known.Throughput:0.00} / {known.Cpu:0.00} / {known.P99:0.00}") : "-";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
