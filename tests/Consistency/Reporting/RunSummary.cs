using System.Text;
using CacheOperator.Consistency.Checking;
using CacheOperator.Consistency.Faults;

namespace CacheOperator.Consistency.Reporting;

/// <summary>How a run went.</summary>
internal sealed class RunSummary(ConsistencyOptions options)
{
    public int Rounds { get; set; }

    public TimeSpan Took { get; set; }

    public long Operations { get; set; }

    /// <summary>Operations that got no answer, or an error.</summary>
    public long Unanswered { get; set; }

    public Dictionary<FaultKind, int> Faults { get; set; } = [];

    public Findings Findings { get; } = new();

    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine($"{Operations} operations in {Rounds} rounds, {Took.TotalSeconds:0} s; {Unanswered} without an answer or answered with an error");
        text.AppendLine($"{Faults.Values.Sum()} faults: {Join(Faults)}");
        text.AppendLine($"checked: {Join(Findings.Checks)}");
        text.AppendLine($"seen as documented: {(Findings.Allowances.Count == 0 ? "nothing" : Join(Findings.Allowances))}");
        var without = options.Without is { } safeguard ? $" WITHOUT={SafeguardNames.NameOf(safeguard)}" : "";
        text.AppendLine($"{Findings.Violations.Count} violations{(Findings.Violations.Count == 0 ? "" : $": {Join(Findings.Violations.CountBy(violation => violation.Kind))}")}");
        text.Append($"the same again: make consistency SECONDS={options.Length.TotalSeconds:0} SEED={options.Seed}{without}");
        return text.ToString();
    }

    private static string Join<TKey, TValue>(IEnumerable<KeyValuePair<TKey, TValue>> counts) =>
        string.Join(", ", counts.Select(entry => $"{entry.Value} {entry.Key}"));
}
