using System.Globalization;
using System.Text;

namespace CacheOperator.WarmUpBenchmarks.Results;

/// <summary>Diagrams of shares, one below the other, as SVG.</summary>
internal static class LineChart
{
    private const int Width = 860;
    private const int Left = 60;
    private const int Right = 24;
    private const int LegendHeight = 36;
    private const int PanelHeight = 240;
    private const int PlotTop = 34;
    private const int PlotHeight = 160;
    private const int Ticks = 10;

    public static string Of(IReadOnlyList<LinePanel> panels)
    {
        var svg = new StringBuilder();
        var height = LegendHeight + (panels.Count * PanelHeight);
        svg.Append(Invariant($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {height}\" font-family=\"sans-serif\" font-size=\"12\" fill=\"#222\">\n"));
        svg.Append("<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
        AppendLegend(svg, panels[0].Series);
        for (var i = 0; i < panels.Count; i++) AppendPanel(svg, panels[i], LegendHeight + (i * PanelHeight));
        return svg.Append("</svg>\n").ToString();
    }

    private static void AppendLegend(StringBuilder svg, IReadOnlyList<LineSeries> series)
    {
        var space = (Width - Left - Right) / series.Count;
        for (var i = 0; i < series.Count; i++)
        {
            var x = Left + (i * space);
            svg.Append(Invariant($"<rect x=\"{x}\" y=\"14\" width=\"18\" height=\"4\" fill=\"{series[i].Color}\"/>\n"));
            AppendText(svg, x + 24, 21, series[i].Name, string.Empty);
        }
    }

    private static void AppendPanel(StringBuilder svg, LinePanel panel, int top)
    {
        double[] xs = [.. panel.Series.SelectMany(series => series.Points).Select(point => point.X)];
        var (least, most) = (xs.Min(), xs.Max());
        var plotWidth = Width - Left - Right;
        double XOf(double x) => Left + (most > least ? (x - least) / (most - least) * plotWidth : 0);
        double YOf(double share) => top + PlotTop + ((1 - share) * PlotHeight);

        AppendText(svg, Left, top + 22, panel.Title, " font-weight=\"bold\"");
        for (var percent = 0; percent <= 100; percent += 25)
        {
            var y = YOf(percent / 100.0);
            svg.Append(Invariant($"<line x1=\"{Left}\" y1=\"{y:0.#}\" x2=\"{Width - Right}\" y2=\"{y:0.#}\" stroke=\"#ddd\"/>\n"));
            AppendText(svg, Left - 8, y + 4, Invariant($"{percent} %"), " text-anchor=\"end\"");
        }

        var step = StepOf(most - least);
        for (var x = Math.Ceiling(least / step) * step; x <= most + (step / 1000); x += step)
            AppendText(svg, XOf(x), top + PlotTop + PlotHeight + 18, Invariant($"{x:0.##}"), " text-anchor=\"middle\"");
        AppendText(svg, Width - Right, top + PlotTop + PlotHeight + 34, panel.XLabel, " text-anchor=\"end\"");
        foreach (var series in panel.Series)
        {
            var points = string.Join(' ', series.Points.Select(point => Invariant($"{XOf(point.X):0.#},{YOf(point.Y):0.#}")));
            svg.Append(Invariant($"<polyline points=\"{points}\" fill=\"none\" stroke=\"{series.Color}\" stroke-width=\"2\"/>\n"));
        }
    }

    /// <summary>A round number that divides the range into about ten.</summary>
    private static double StepOf(double range)
    {
        if (range <= 0) return 1;
        var magnitude = Math.Pow(10, Math.Floor(Math.Log10(range / Ticks)));
        return magnitude * (range / Ticks / magnitude) switch
        {
            <= 1 => 1,
            <= 2 => 2,
            <= 5 => 5,
            _ => 10,
        };
    }

    private static void AppendText(StringBuilder svg, double x, double y, string text, string attributes) =>
        svg.Append(Invariant($"<text x=\"{x:0.#}\" y=\"{y:0.#}\"{attributes}>{text}</text>\n"));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
