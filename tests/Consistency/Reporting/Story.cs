using System.Text;
using CacheOperator.Consistency.Checking;
using CacheOperator.Consistency.Clients;

namespace CacheOperator.Consistency.Reporting;

/// <summary>A violation with what happened to its key around it, for people.</summary>
internal static class Story
{
    private const int OperationsBefore = 60;
    private const int OperationsAfter = 20;
    private const long Before = 15_000_000;
    private const long After = 1_000_000;

    public static string Of(Violation violation, KeyHistory? history, RunLog log)
    {
        var text = new StringBuilder();
        text.AppendLine($"VIOLATION {violation.Kind} at {RunClock.Show(violation.Moment)}{(violation.Key is { } key ? $", key {key.Name} of shard {key.Shard}" : "")}: {violation.Text}");
        var (from, to) = (violation.Moment - Before, violation.Moment + After);
        var isLater = (history?.Operations ?? []).Where(operation => operation.Began <= to).ToLookup(operation => operation.Began > violation.Moment);
        List<Operation> operations = [.. isLater[false].TakeLast(OperationsBefore), .. isLater[true].Take(OperationsAfter)];
        if (operations.Count > 0) from = Math.Min(from, operations[0].Began);
        var lines = operations.Select(operation => (Moment: operation.Began, Text: Line(operation))).Concat(log.Between(from, to));
        foreach (var item in history?.Before ?? []) text.AppendLine($"  when the round began: {item.Text[..Math.Min(item.Text.Length, 60)]} c{item.Version}");
        foreach (var (moment, line) in lines.OrderBy(line => line.Moment)) text.AppendLine($"  {RunClock.Show(moment)} {line}");
        return text.ToString();
    }

    private static string Line(Operation operation) =>
        $"..{RunClock.Show(operation.Ended)} {operation.Client} through {operation.Proxy}: {operation.Text}{(operation.Write > 0 ? $" (write {operation.Write})" : "")} -> {operation.Answer}";
}
