using System.Globalization;
using System.Text;
using CacheOperator.Benchmarks.Results;
using CacheOperator.WarmUpBenchmarks.NodeLoss;

namespace CacheOperator.WarmUpBenchmarks.Results;

/// <summary>Hit rates through the loss of a node.</summary>
internal static class LossReport
{
    public static ReportSection Of(CopyCase work, int rate, LossTimes times, IReadOnlyList<LossResult> results) => new(
        "Losing a node",
        Invariant(
            $"""
            {rate:N0} gets a second by Zipf's law (0.99) over {work.Items:N0} keys of {work.Name}, all of them held by every zone, from clients of one zone. Its member is killed; an empty one takes
            its place {times.Away.TotalSeconds:0} s later and is watched for {times.After.TotalSeconds:0} s. What a client finds in no cache it sets, as after a read from the database.

            * **warm-up**: three zones of this project, clients at their zone's proxy.
            * **nothing**: plain memcached in every zone, read by the clients of its zone only.
            * **lazy**: the same, but on a miss, or without an answer, clients ask the other zone's memcached and set what it has in their own: what mcrouter's WarmUpRoute does, in the benchmark's
              client, without mcrouter's own cost and with nothing that expires or is deleted.

            {TableOf(times, results)}
            "Not in the zone" are gets that the zone's own member did not answer: they cost the way to another zone, or the database.

            ![Hit rates through the loss](warm-up-loss.svg)
            """),
        [.. results.Where(result => result.Variant == LossVariant.WarmUp).Select(result => new Figure(
            "reads from the database through the loss of a node", "0", Invariant($"{result.BackendReads:N0}"), result.BackendReads == 0))],
        new Dictionary<string, string> { ["warm-up-loss.csv"] = CsvOf(results), ["warm-up-loss.svg"] = ChartOf(results) });

    private static MarkdownTable TableOf(LossTimes times, IReadOnlyList<LossResult> results)
    {
        string Seconds(double? seconds) => seconds is { } number ? Invariant($"{number:0.0} s") : Invariant($"> {(times.Away + times.After).TotalSeconds:0} s");
        var table = new MarkdownTable("", "read from the database", "not in the zone", "errors", "replacement serves after", "90 % of the former hit rate after", "hit rate at the end");
        foreach (var result in results)
        {
            table.Add(
                NameOf(result.Variant),
                Invariant($"{result.BackendReads:N0}"),
                Invariant($"{result.NotLocal:N0}"),
                Invariant($"{result.Failures:N0}"),
                Seconds(result.ReadyAfter),
                Seconds(result.RecoveredAfter),
                Invariant($"{100 * result.LastRate:0.0} %"));
        }

        return table;
    }

    private static string ChartOf(IReadOnlyList<LossResult> results) => LineChart.Of(
    [
        new LinePanel("gets that the zone's own member answers", "seconds since the loss", [.. results.Select(result => SeriesOf(result, sample => sample.LocalRate))]),
        new LinePanel("gets that any cache answers (the others go to the database)", "seconds since the loss", [.. results.Select(result => SeriesOf(result, sample => sample.CacheRate))]),
    ]);

    private static LineSeries SeriesOf(LossResult result, Func<LossSample, double> share) => new(
        NameOf(result.Variant),
        result.Variant switch
        {
            LossVariant.WarmUp => "#1f7a4d",
            LossVariant.Lazy => "#e0a03c",
            _ => "#b04a4a",
        },
        [.. result.Samples.Select(sample => (sample.Seconds, share(sample)))]);

    private static string CsvOf(IReadOnlyList<LossResult> results)
    {
        var text = new StringBuilder("variant,seconds_since_loss,gets,zone_hits,zone_hit_rate,backend_reads,errors,p99_ms,replacement_serves\n");
        foreach (var result in results)
        {
            foreach (var sample in result.Samples)
            {
                text.Append(Invariant($"{NameOf(result.Variant)},{sample.Seconds:0.00},{sample.Gets},{sample.LocalHits},{sample.LocalRate:0.0000},"));
                text.Append(Invariant($"{sample.BackendReads},{sample.Failures},{sample.P99:0.000},{(sample.Ready ? 1 : 0)}\n"));
            }
        }

        return text.ToString();
    }

    private static string NameOf(LossVariant variant) => variant switch
    {
        LossVariant.WarmUp => "warm-up",
        LossVariant.Lazy => "lazy",
        _ => "nothing",
    };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
