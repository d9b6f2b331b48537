using System.Xml.Linq;
using CacheOperator.Benchmarks.Idle;
using CacheOperator.Benchmarks.Load;
using CacheOperator.Benchmarks.Machine;
using CacheOperator.Benchmarks.Results;
using CacheOperator.Benchmarks.Targets;
using static CacheOperator.Benchmarks.Tests.Results.ResultSamples;

namespace CacheOperator.Benchmarks.Tests.Results;

public sealed class ReportTests
{
    private static readonly RowResult Whole = Row(Mix.Get, twemproxy: Run(100_000, 10, 3000), builtIn: Run(80_000, 8, 2000), own: Run(150_000, 4, 1000));
    private static readonly RowResult Lacking = Row(Mix.Set, twemproxy: Run(100_000, 10, 3000), builtIn: Run(80_000, 8, 2000), own: null);

    [Fact]
    public void Every_table_has_as_many_cells_as_columns()
    {
        var report = MarkdownReport.Of(Sample(), "chart.svg");
        var lines = report.Split('\n');
        var columns = 0;
        for (var i = 0; i < lines.Length; i++)
        {
            if (!lines[i].StartsWith('|')) columns = 0;
            else if (columns == 0) columns = lines[i].Count('|');
            else Assert.Equal(columns, lines[i].Count('|'));
        }

        Assert.Contains("| get p1 c64 100B | 1.50 / 0.50 / 0.50 | 1.50 / 0.50 / 0.50 | reached |", report, StringComparison.Ordinal);
        Assert.Contains("| set p1 c64 100B | - | - | missed |", report, StringComparison.Ordinal);
        Assert.Contains("| cache-proxy | 1 | 2 | 10 | 1 / 2 |", report, StringComparison.Ordinal);
        Assert.Contains("| cache-proxy | 12.5 |", report, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_not_measured_has_no_section()
    {
        var report = MarkdownReport.Of(Sample() with { Idle = new Dictionary<TargetKind, IdleResult>(), Rows = [] }, "chart.svg");
        Assert.DoesNotContain("## Idle", report, StringComparison.Ordinal);
        Assert.DoesNotContain("## Latency", report, StringComparison.Ordinal);
        Assert.Contains("## Start-up", report, StringComparison.Ordinal);
    }

    [Fact]
    public void A_load_that_took_a_whole_core_is_marked()
    {
        var bound = Row(Mix.Get, Run(1_000, 1, 1), Run(1_000, 1, 1), Run(7_000, 1, 1) with { GeneratorBusy = 0.97 });
        Assert.Contains(" 7* / ", MarkdownReport.Of(Sample() with { Rows = [bound] }, "chart.svg"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_chart_is_XML_with_a_bar_for_every_number()
    {
        XNamespace svg = "http://www.w3.org/2000/svg";
        var chart = XDocument.Parse(Chart.Of([Whole, Lacking]));
        var texts = chart.Descendants(svg + "text").Select(text => text.Value).ToList();
        Assert.Contains("150 (1.50x)", texts);
        Assert.Contains("4.00 (0.50x)", texts);
        Assert.Contains("8.00", texts);
        Assert.Equal(2, texts.Count(text => text == "failed"));
    }

    [Fact]
    public void The_CSV_has_a_line_for_every_run()
    {
        var lines = CsvReport.Of([Whole, Lacking]).TrimEnd().Split('\n');
        Assert.Equal(1 + 4 + 3, lines.Length);
        Assert.All(lines, line => Assert.Equal(lines[0].Count(','), line.Count(',')));
        Assert.Contains("get p1 c64 100B,Get,1,1,64,100,1,cache-proxy,1,150000,4.000,1.000,500,1000,2000,10485760,0.20,0.0000", lines);
    }

    [Fact]
    public void Rows_have_names_of_their_own()
    {
        Assert.Distinct(Matrix.All.Select(row => row.Name));
        Assert.Empty(Matrix.Headlines.Except(Matrix.All));
    }

    private static BenchmarkReport Sample() => new(
        new MachineDescription("CPU", 2, 8L << 30, "Debian", "6.1", ["memcached 1.6.38"]),
        Repetitions: 1,
        TimeSpan.FromSeconds(1),
        [Whole, Lacking],
        new Dictionary<TargetKind, IdleResult>
        {
            [TargetKind.CacheProxy] = new IdleResult(10_000, 1 << 20, 2 << 20, Run(1_000, 1, 1), Run(2_000, 1, 1)),
        },
        new Dictionary<TargetKind, TimeSpan> { [TargetKind.CacheProxy] = TimeSpan.FromMilliseconds(12.5) },
        []);
}
