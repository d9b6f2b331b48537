using System.Xml.Linq;
using CacheOperator.Benchmarks.Machine;
using CacheOperator.WarmUpBenchmarks;
using CacheOperator.WarmUpBenchmarks.Copying;
using CacheOperator.WarmUpBenchmarks.Heat;
using CacheOperator.WarmUpBenchmarks.Latency;
using CacheOperator.WarmUpBenchmarks.NodeLoss;
using CacheOperator.WarmUpBenchmarks.Results;

namespace CacheOperator.Benchmarks.Tests.WarmUp;

public sealed class WarmUpReportTests
{
    private static readonly CopyMeasurement Own = new(1000, 0.0025, 1, 1, 1, 50_000_000);
    private static readonly CopyMeasurement Plain = new(1000, 0.005, 1, 1, 1, 1_000_000);
    private static readonly CopyResult Copy = new(
        new CopyCase(1000, 100), new Dictionary<Contender, IReadOnlyList<CopyMeasurement>> { [Contender.CacheProxy] = [Own], [Contender.PlainCopier] = [Plain] });

    private static readonly WarmUpReport Report = new(
        new MachineDescription("CPU", 2, 8L << 30, "Debian", "6.1", ["memcached 1.6.38"]),
        [
            SpeedReport.Of([Copy], repetitions: 1),
            LatencyReport.Of(
                new CopyCase(1000, 100),
                [new LatencyResult(new LatencyCase(0, Placement.Shared), [new LatencyRound(new LatencySample(10, 50, 100, 200), new LatencySample(10, 60, 160, 300), 400_000)])]),
            LossReport.Of(
                new CopyCase(1000, 100), 100, new LossTimes(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)),
                [new LossResult(LossVariant.WarmUp, [Loss(0, true), Loss(1, false), Loss(2, true)]), new LossResult(LossVariant.Nothing, [Loss(0, true), Loss(1, false)])]),
            HeatReport.Of([Heat(HeatUse.All[1]), Heat(HeatUse.All[2])]),
            MemoryReport.Of(Copy),
        ]);

    [Fact]
    public void Every_goal_is_told_with_what_was_measured()
    {
        var text = Report.ToMarkdown();
        Assert.Contains("| copy of 100 B values | 300,000 items/s | 400,000 items/s | reached |", text, StringComparison.Ordinal);
        Assert.Contains("| the same against the plain copier, 100 B | >= 1.00x | 2.00x | reached |", text, StringComparison.Ordinal);
        Assert.Contains("| <= 1.5x | 1.60x | missed |", text, StringComparison.Ordinal);
        Assert.Contains("| reads from the database through the loss of a node | 0 | 0 | reached |", text, StringComparison.Ordinal);
        Assert.Contains("| hit rate after the first 20 % of the items, 5 % writes (best possible: 87.0 %) | 90 % | 85.0 % | missed |", text, StringComparison.Ordinal);
        Assert.Contains("| < 100 MB | 50 MB | reached |", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_table_has_as_many_cells_as_columns()
    {
        var columns = 0;
        foreach (var line in Report.ToMarkdown().Split('\n'))
        {
            if (!line.StartsWith('|')) columns = 0;
            else if (columns == 0) columns = line.Count('|');
            else Assert.Equal(columns, line.Count('|'));
        }
    }

    [Fact]
    public void Every_CSV_has_as_many_fields_in_each_line()
    {
        var tables = Report.Sections.SelectMany(section => section.Files).Where(file => file.Key.EndsWith(".csv", StringComparison.Ordinal)).ToList();
        Assert.Equal(5, tables.Count);
        foreach (var (_, content) in tables)
        {
            var lines = content.TrimEnd().Split('\n');
            Assert.True(lines.Length > 1);
            Assert.All(lines, line => Assert.Equal(lines[0].Count(','), line.Count(',')));
        }
    }

    [Fact]
    public void Every_chart_is_XML_and_stands_in_the_report()
    {
        XNamespace svg = "http://www.w3.org/2000/svg";
        var charts = Report.Sections.SelectMany(section => section.Files).Where(file => file.Key.EndsWith(".svg", StringComparison.Ordinal)).ToList();
        Assert.Equal(3, charts.Count);
        foreach (var (name, content) in charts)
        {
            Assert.NotEmpty(XDocument.Parse(content).Descendants(svg + "text"));
            Assert.Contains($"]({name})", Report.ToMarkdown(), StringComparison.Ordinal);
        }

        var lines = XDocument.Parse(charts.Single(chart => chart.Key == "warm-up-loss.svg").Value).Descendants(svg + "polyline");
        // Two variants in two diagrams, every sample a point.
        Assert.Equal([3, 2, 3, 2], lines.Select(line => line.Attribute("points")!.Value.Split(' ').Length));
    }

    [Fact]
    public void A_chart_spans_what_it_shows()
    {
        var chart = LineChart.Of([new LinePanel("title", "x", [new LineSeries("a", "#000", [(-5, 0), (45, 1)])])]);
        Assert.Contains("points=\"60,230 836,70\"", chart, StringComparison.Ordinal);
        Assert.Contains(">-5</text>", chart, StringComparison.Ordinal);
        Assert.Contains(">45</text>", chart, StringComparison.Ordinal);
    }

    private static HeatResult Heat(HeatUse use) => new(use, 1000, 1000, 5000, [new HeatSample(0.2, 0.85, 0.87), new HeatSample(1, 1, 1)]);

    private static LossSample Loss(double seconds, bool ready) => new(seconds, 100, ready ? 100 : 0, BackendReads: 0, Failures: 0, P99: 1, ready);
}
