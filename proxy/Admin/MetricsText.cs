using System.Globalization;
using System.Text;

namespace CacheOperator.Proxy.Admin;

/// <summary>Writes Prometheus' text format.</summary>
internal sealed class MetricsText
{
    private readonly StringBuilder _text = new();
    private string _name = "";

    /// <summary>A metric with one value.</summary>
    /// <param name="name">With its prefix and unit.</param>
    /// <param name="type"><c>gauge</c> or <c>counter</c>.</param>
    /// <param name="help">What it means.</param>
    /// <param name="value">The value.</param>
    public void Value(string name, string type, string help, double value)
    {
        Family(name, type, help);
        Sample("", value);
    }

    /// <summary>Begins a metric whose values have labels: <see cref="Sample"/> follows for each.</summary>
    public void Family(string name, string type, string help)
    {
        _name = name;
        _text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n");
    }

    /// <param name="labels">Written by <see cref="Label"/>, with commas between them; empty for none.</param>
    /// <param name="value">The value.</param>
    /// <param name="suffix">Behind the metric's name.</param>
    public void Sample(string labels, double value, string suffix = "")
    {
        _text.Append(_name).Append(suffix);
        if (labels.Length > 0) _text.Append('{').Append(labels).Append('}');
        _text.Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }

    /// <param name="name">With its prefix and unit.</param>
    /// <param name="help">What it means.</param>
    /// <param name="bounds">Upper bounds of the buckets but the last.</param>
    /// <param name="counts">How many fell into each bucket; one more than bounds.</param>
    /// <param name="sum">Of all that was counted.</param>
    public void Histogram(string name, string help, IReadOnlyList<double> bounds, IReadOnlyList<long> counts, double sum)
    {
        Family(name, "histogram", help);
        var total = 0L;
        for (var i = 0; i < counts.Count; i++)
        {
            total += counts[i];
            Sample(Label("le", i < bounds.Count ? bounds[i].ToString("R", CultureInfo.InvariantCulture) : "+Inf"), total, "_bucket");
        }

        Sample("", sum, "_sum");
        Sample("", total, "_count");
    }

    public static string Label(string name, string value) =>
        $"{name}=\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\"";

    public override string ToString() => _text.ToString();
}
