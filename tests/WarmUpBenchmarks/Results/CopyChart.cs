using System.Globalization;
using System.Text;
using CacheOperator.WarmUpBenchmarks.Copying;

namespace CacheOperator.WarmUpBenchmarks.Results;

/// <summary>A bar for every case and copier, as SVG. Within a case the longest bar is the largest number, because cases differ tenfold.</summary>
internal static class CopyChart
{
    private const int LabelWidth = 170;
    private const int BarSpace = 420;
    private const int Width = LabelWidth + BarSpace + 190;
    private const int BarHeight = 18;
    private const int CaseGap = 16;
    private const int Top = 44;

    public static string Of(IReadOnlyList<CopyResult> results)
    {
        var height = Top + results.Sum(result => (result.Runs.Count * BarHeight) + CaseGap);
        var svg = new StringBuilder();
        svg.Append(Invariant($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {height}\" font-family=\"sans-serif\" font-size=\"12\" fill=\"#222\">\n"));
        svg.Append("<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
        svg.Append(Invariant($"<text x=\"{LabelWidth}\" y=\"24\" font-weight=\"bold\">thousand items a second, listing and verification included (longer is better)</text>\n"));
        var y = Top;
        foreach (var result in results)
        {
            svg.Append(Invariant($"<text x=\"{LabelWidth - 8}\" y=\"{y + 13}\" text-anchor=\"end\">{result.Work.Items:N0} x {result.Work.Name}</text>\n"));
            var rates = result.Runs.Keys.ToDictionary(contender => contender, contender => result.Median(contender, run => run.ItemsPerSecond));
            foreach (var (contender, rate) in rates)
            {
                var length = BarSpace * rate / rates.Values.Max();
                var color = contender == Contender.CacheProxy ? "#1f7a4d" : "#b8bcc4";
                svg.Append(Invariant($"<rect x=\"{LabelWidth}\" y=\"{y}\" width=\"{length:0.#}\" height=\"{BarHeight - 3}\" fill=\"{color}\"/>\n"));
                svg.Append(Invariant($"<text x=\"{LabelWidth + length + 6:0.#}\" y=\"{y + 12}\" font-size=\"11\">{SpeedReport.NameOf(contender)} {rate / 1000:0}</text>\n"));
                y += BarHeight;
            }

            y += CaseGap;
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
