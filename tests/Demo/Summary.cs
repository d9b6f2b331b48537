using System.Globalization;
using CacheOperator.Testbed.Load;
using Spectre.Console;

namespace CacheOperator.Demo;

/// <summary>The tables at the end.</summary>
internal static class Summary
{
    public static Table Clients(Outcome outcome)
    {
        var table = new Table().Border(TableBorder.Ascii2);
        table.AddColumn("what the clients saw");
        foreach (var title in (string[])["before", "during the loss", "after"]) table.AddColumn(new TableColumn(title).RightAligned());
        void Row(string name, Func<LoadReport, FormattableString> value) => table.AddRow(
            name,
            value(outcome.Before).ToString(CultureInfo.InvariantCulture),
            value(outcome.During).ToString(CultureInfo.InvariantCulture),
            value(outcome.After).ToString(CultureInfo.InvariantCulture));
        Row("seconds", r => $"{r.Second}");
        Row("gets", r => $"{r.Gets:N0}");
        Row("hit rate", r => $"{r.HitRate * 100:0.000} %");
        Row("misses", r => $"{r.Misses}");
        Row("errors on get", r => $"{r.GetErrors}");
        Row("wrong values", r => $"{r.Wrong}");
        Row("writes", r => $"{r.Writes:N0}");
        Row("errors on write", r => $"{r.WriteErrors}");
        Row("p99, worst second", r => $"{r.P99Ms:0.0} ms");
        Row("slowest", r => $"{r.MaxMs:0.0} ms");
        return table;
    }

    public static Table Recovery(Outcome outcome)
    {
        var table = new Table().Border(TableBorder.Ascii2).HideHeaders();
        table.AddColumn(string.Empty);
        table.AddColumn(new TableColumn(string.Empty).RightAligned());
        table.AddRow("node NotReady after", Seconds(outcome.Timeline.NodeNotReady));
        table.AddRow("detected by the operator after", Seconds(outcome.Timeline.Detected));
        table.AddRow("replaced after", Seconds(outcome.Timeline.Replaced));
        table.AddRow("warm after", Seconds(outcome.Timeline.Warm));
        table.AddRow($"keys of {outcome.Neighbour}", Count(outcome.Contents.Total));
        table.AddRow($"of them in {outcome.Replacement}", Count(outcome.Contents.Total - outcome.Contents.Missing.Count));
        table.AddRow("identical in value, flags, version and expiry", Count(outcome.Contents.Identical));
        table.AddRow("members of the other zones", outcome.NeighboursUntouched ? "untouched" : "disturbed");
        table.AddRow("every key read once more", $"{Count(outcome.Check.Hits)} of {Count(outcome.Check.Gets)} right");
        return table;
    }

    private static string Seconds(TimeSpan? time) =>
        time is { } t ? string.Create(CultureInfo.InvariantCulture, $"{t.TotalSeconds:0.0} s") : "never";

    private static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
