using System.Globalization;
using System.Text;
using CacheOperator.Benchmarks.Targets;

namespace CacheOperator.Benchmarks.Results;

/// <summary>
/// Two bars for every row and target, as SVG: CPU time per operation, and throughput, for this project's proxy with its ratio. Within a row the longest bar is the
/// largest number, because rows differ tenfold.
/// </summary>
internal static class Chart
{
    private const int Width = 960;
    private const int LabelWidth = 130;
    private const int LegendWidth = 120;
    private const int PanelWidth = 400;
    private const int BarSpace = 290;
    private const int BarHeight = 11;
    private const int RowGap = 16;
    private const int Top = 76;
    private static readonly TargetKind[] Kinds = Enum.GetValues<TargetKind>();

    public static string Of(IReadOnlyList<RowResult> rows)
    {
        var rowHeight = (Kinds.Length * BarHeight) + RowGap;
        var height = Top + (rows.Count * rowHeight);
        var svg = new StringBuilder();
        svg.Append(Invariant($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {height}\" font-family=\"sans-serif\" font-size=\"11\" fill=\"#222\">\n"));
        svg.Append("<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
        AppendLegend(svg);
        AppendText(svg, LabelWidth + (Kinds.Length * LegendWidth), 26, "(0.00x): against the better peer at the same replication", "font-size=\"10\"");
        AppendText(svg, LabelWidth, Top - 18, "CPU per operation of the process, µs (shorter is better)", "font-weight=\"bold\"");
        AppendText(svg, LabelWidth + PanelWidth, Top - 18, "thousand operations per second (longer is better)", "font-weight=\"bold\"");
        for (var i = 0; i < rows.Count; i++)
        {
            var y = Top + (i * rowHeight);
            AppendText(svg, LabelWidth - 8, y + (rowHeight - RowGap + BarHeight) / 2, rows[i].Row.Name, "text-anchor=\"end\"");
            AppendBars(svg, LabelWidth, y, rows[i], median => median.CpuPerOperation, "0.00", ratios => ratios.Cpu);
            AppendBars(svg, LabelWidth + PanelWidth, y, rows[i], median => median.Throughput / 1000, "0", ratios => ratios.Throughput);
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static void AppendLegend(StringBuilder svg)
    {
        for (var i = 0; i < Kinds.Length; i++)
        {
            var x = LabelWidth + (i * LegendWidth);
            svg.Append(Invariant($"<rect x=\"{x}\" y=\"16\" width=\"12\" height=\"12\" fill=\"{Color(Kinds[i])}\"/>\n"));
            AppendText(svg, x + 18, 26, Kinds[i].Name(), "font-size=\"12\"");
        }
    }

    private static void AppendBars(StringBuilder svg, int x, int y, RowResult row, Func<Measurement, double> number, string format, Func<Ratios, double> ratio)
    {
        var same = row.AgainstTheSameReplication();
        var numbers = Kinds.Select(kind => row.Median(kind) is { } median ? number(median) : (double?)null).ToArray();
        var longest = numbers.Max() ?? 1;
        for (var i = 0; i < Kinds.Length; i++)
        {
            var bar = y + (i * BarHeight);
            var length = (numbers[i] ?? 0) / longest * BarSpace;
            svg.Append(Invariant($"<rect x=\"{x}\" y=\"{bar}\" width=\"{length:0.#}\" height=\"{BarHeight - 2}\" fill=\"{Color(Kinds[i])}\"/>\n"));
            var label = numbers[i]?.ToString(format, CultureInfo.InvariantCulture) ?? "failed";
            if (Kinds[i] == TargetKind.CacheProxy && same is { } ratios) label += Invariant($" ({ratio(ratios):0.00}x)");
            AppendText(svg, x + length + 4, bar + BarHeight - 3, label, "font-size=\"10\"");
        }
    }

    private static void AppendText(StringBuilder svg, double x, int y, string text, string attributes) =>
        svg.Append(Invariant($"<text x=\"{x:0.#}\" y=\"{y}\" {attributes}>{text}</text>\n"));

    private static string Color(TargetKind kind) => kind switch
    {
        TargetKind.Memcached => "#b8bcc4",
        TargetKind.Twemproxy => "#e0a03c",
        TargetKind.BuiltInProxy => "#4c8fbd",
        _ => "#1f7a4d",
    };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
