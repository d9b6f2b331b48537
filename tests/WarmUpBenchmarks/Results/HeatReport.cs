using System.Globalization;
using System.Text;
using CacheOperator.Benchmarks.Results;
using CacheOperator.WarmUpBenchmarks.Heat;

namespace CacheOperator.WarmUpBenchmarks.Results;

/// <summary>How much of the hit rate is back when how much has been copied.</summary>
internal static class HeatReport
{
    private const double GoalShare = 0.2;
    private const double GoalRate = 0.9;

    private static readonly string[] Colors = ["#1f7a4d", "#e0a03c", "#b04a4a"];

    /// <param name="results">Of the same items, used in different ways.</param>
    public static ReportSection Of(IReadOnlyList<HeatResult> results)
    {
        var text = new StringBuilder();
        foreach (var result in results)
        {
            var (needed, least) = (result.CopiedFor(GoalRate, sample => sample.HitRate), result.CopiedFor(GoalRate, sample => sample.BestPossible));
            text.Append(Invariant(
                $"\n**{result.Use.Name}** ({result.Reads:N0} reads; {result.Items:N0} of the keys are held): 90 % of the hit rate was back after {100 * needed:0} % of the items; {100 * least:0} % is the least possible.\n\n{TableOf(result)}"));
        }

        return new ReportSection(
            "Hottest first",
            Invariant(
                $"""
                {results[0].Keys:N0} keys, used by Zipf's law (0.99), then copied; the copy was stopped at times, and the keys that had arrived were listed. Their hit rate is the part
                of the source's that they have, computed from Zipf's law. "Best possible" are as many keys, had they been exactly the most popular ones: no order of copying
                gives more. It grows with the number of keys; with fewer than some 20 million, not even the best order has 90 % after 20 %.
                Before the copy the source was *full*: with memory for half of the keys, what it lacked was set again; or it held all of them, with *5 % writes* (YCSB's workload B) or *reads only* (C).
                {text}
                ![Hit rate by what has been copied](warm-up-hottest.svg)
                """),
            [.. results.Select(FigureOf)],
            new Dictionary<string, string> { ["warm-up-hottest.csv"] = CsvOf(results), ["warm-up-hottest.svg"] = ChartOf(results) });
    }

    private static Figure FigureOf(HeatResult result)
    {
        var sample = result.At(GoalShare);
        return new Figure(
            Invariant($"hit rate after the first {100 * sample.Copied:0} % of the items, {result.Use.Name} (best possible: {100 * sample.BestPossible:0.0} %)"), "90 %",
            Invariant($"{100 * sample.HitRate:0.0} %"), sample.HitRate >= GoalRate);
    }

    private static MarkdownTable TableOf(HeatResult result)
    {
        var table = new MarkdownTable("copied", "hit rate", "best possible");
        foreach (var sample in result.Samples)
            table.Add(Invariant($"{100 * sample.Copied:0.0} %"), Invariant($"{100 * sample.HitRate:0.0} %"), Invariant($"{100 * sample.BestPossible:0.0} %"));
        return table;
    }

    private static string ChartOf(IReadOnlyList<HeatResult> results)
    {
        LineSeries Line(HeatResult result, string name, string color, Func<HeatSample, double> rate) =>
            new(name, color, [(0, 0), .. result.Samples.Select(sample => (100 * sample.Copied, rate(sample)))]);
        return LineChart.Of(
        [
            new LinePanel("hit rate of the replacement", "% of the items copied",
            [
                .. results.Select((result, index) => Line(result, $"hottest first, {result.Use.Name}", Colors[index % Colors.Length], sample => sample.HitRate)),
                Line(results[0], "best possible", "#4c8fbd", sample => sample.BestPossible),
                Line(results[0], "in no order", "#b8bcc4", sample => sample.Copied),
            ]),
        ]);
    }

    private static string CsvOf(IReadOnlyList<HeatResult> results)
    {
        var text = new StringBuilder("use,copied,hit_rate,best_possible\n");
        foreach (var result in results)
        {
            foreach (var sample in result.Samples)
                text.Append(Invariant($"{result.Use.Name},{sample.Copied:0.0000},{sample.HitRate:0.0000},{sample.BestPossible:0.0000}\n"));
        }

        return text.ToString();
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
