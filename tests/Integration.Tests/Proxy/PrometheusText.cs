using System.Globalization;
using System.Text.RegularExpressions;

namespace CacheOperator.Integration.Tests.Proxy;

/// <summary>Reads Prometheus' text format as strictly as its specification and <c>promtool check metrics</c> do.</summary>
internal sealed partial class PrometheusText
{
    private readonly Dictionary<string, string> _types = [];
    private readonly Dictionary<string, double> _samples = [];

    /// <exception cref="FormatException">It is not what a scraper takes.</exception>
    public PrometheusText(string text)
    {
        Require(text.EndsWith('\n'), "the last line has no end");
        var (current, help) = ("", "");
        foreach (var line in text.Split('\n').SkipLast(1))
        {
            if (HelpLine().Match(line) is { Success: true } described)
            {
                help = described.Groups["name"].Value;
            }
            else if (TypeLine().Match(line) is { Success: true } typed)
            {
                current = typed.Groups["name"].Value;
                Require(help == current, $"{current} has no HELP of its own");
                Require(_types.TryAdd(current, typed.Groups["type"].Value), $"{current} comes twice");
                Require(typed.Groups["type"].Value != "counter" || current.EndsWith("_total", StringComparison.Ordinal), $"the counter {current} does not end in _total");
                Require(typed.Groups["type"].Value == "counter" || !current.EndsWith("_total", StringComparison.Ordinal), $"{current} ends in _total but is no counter");
            }
            else
            {
                var sample = SampleLine().Match(line);
                Require(sample.Success, $"not understood: {line}");
                var name = sample.Groups["name"].Value;
                Require(name == current || (_types[current] == "histogram" && name.StartsWith(current, StringComparison.Ordinal)), $"{name} stands under {current}");
                Require(_samples.TryAdd(name + sample.Groups["labels"].Value, double.Parse(sample.Groups["value"].Value, CultureInfo.InvariantCulture)), $"twice: {line}");
            }
        }

        foreach (var histogram in _types.Where(t => t.Value == "histogram").Select(t => t.Key)) CheckBuckets(histogram);
    }

    /// <param name="sample">Name, and labels as written.</param>
    public double this[string sample] => _samples[sample];

    private void CheckBuckets(string name)
    {
        var buckets = _samples.Where(s => s.Key.StartsWith(name + "_bucket{", StringComparison.Ordinal)).Select(s => s.Value).ToList();
        Require(buckets.Order().SequenceEqual(buckets), $"the buckets of {name} do not grow");
        Require(_samples[name + "_bucket{le=\"+Inf\"}"] == _samples[name + "_count"], $"the buckets of {name} do not add up");
        Require(_samples.ContainsKey(name + "_sum"), $"{name} has no sum");
    }

    private static void Require(bool condition, string fault)
    {
        if (!condition) throw new FormatException(fault);
    }

    [GeneratedRegex(@"^# HELP (?<name>[a-z][a-z0-9_]*) [A-Z0-9].*[a-z0-9.]$")]
    private static partial Regex HelpLine();

    [GeneratedRegex("^# TYPE (?<name>[a-z][a-z0-9_]*) (?<type>counter|gauge|histogram)$")]
    private static partial Regex TypeLine();

    [GeneratedRegex("""^(?<name>[a-z][a-z0-9_]*)(?<labels>\{[a-z_]+="([^"\\\n]|\\[\\"n])*"(,[a-z_]+="([^"\\\n]|\\[\\"n])*")*\})? (?<value>-?[0-9][0-9.E+-]*|\+Inf|NaN)$""")]
    private static partial Regex SampleLine();
}
