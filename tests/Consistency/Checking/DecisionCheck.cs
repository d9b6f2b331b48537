using CacheOperator.Consistency.Clients;
using CacheOperator.Consistency.Keys;

namespace CacheOperator.Consistency.Checking;

/// <summary>Whether conditional writes were decided by one replica at a time: tokens won once, locks held once, counts that each count.</summary>
internal static class DecisionCheck
{
    public static void Run(KeyHistory history, Promises promises, Findings findings)
    {
        if (promises.WasWeakened(history.Key.Shard)) return;
        var made = history.Operations.Where(operation => operation is { IsConditional: true, Outcome: Outcome.Done }).ToList();
        foreach (var rivals in made.Where(operation => operation.Kind == OperationKind.Cas).GroupBy(operation => operation.Token))
            Compare(history, [.. rivals], ViolationKind.DoubleCas, $"won with token {rivals.Key}", promises, findings);
        foreach (var rivals in made.Where(operation => operation.Kind == OperationKind.Count).GroupBy(operation => operation.Mark))
            Compare(history, [.. rivals], ViolationKind.LostCount, $"counted to {rivals.Key}", promises, findings);
        CheckAdds(history, promises, findings);
        CheckLogs(history, promises, findings);
    }

    private static void Compare(KeyHistory history, List<Operation> rivals, ViolationKind kind, string what, Promises promises, Findings findings)
    {
        findings.Count("decisions checked", rivals.Count);
        if (rivals.Count > 1) Report(history, kind, rivals[0], rivals[^1], what, promises, findings);
    }

    private static void CheckAdds(KeyHistory history, Promises promises, Findings findings)
    {
        var adds = history.Operations.Where(operation => operation is { Kind: OperationKind.Add, Outcome: Outcome.Done }).OrderBy(add => add.Ended).ToList();
        findings.Count("decisions checked", adds.Count);
        for (var i = 1; i < adds.Count; i++)
        {
            var (first, second) = (adds[i - 1], adds[i]);

            // The one that was answered last may have been decided long before, and removed again before the other one.
            var from = Math.Min(first.Began, second.Began);
            if (!Removals(history).Any(removal => removal.Began <= second.Ended && removal.Ended >= from))
                Report(history, ViolationKind.DoubleAdd, first, second, "added", promises, findings);
        }
    }

    // What expires is removed at any time later on; a refused set may have removed what was there.
    private static IEnumerable<Operation> Removals(KeyHistory history)
    {
        foreach (var operation in history.Operations.Concat(history.Flushes))
        {
            if (operation is { Removes: true, Outcome: not Outcome.Refused } || operation is { Stores: true, Outcome: Outcome.Unknown })
                yield return operation.Exptime == 0 ? operation : new Operation { Kind = operation.Kind, Text = operation.Text, Began = operation.Began, Ended = Operation.Never };
        }
    }

    private static void CheckLogs(KeyHistory history, Promises promises, Findings findings)
    {
        if (history.Key.Family != KeyFamily.Log) return;
        var logs = history.Operations.Where(operation => operation.Log is not null).GroupBy(operation => Values.Entries(operation.Log!).First());
        foreach (var origin in logs)
        {
            var seen = origin.OrderBy(operation => operation.Log!.Length).ToList();
            for (var i = 1; i < seen.Count; i++)
            {
                if (seen[i].Log!.StartsWith(seen[i - 1].Log!, StringComparison.Ordinal)) continue;
                Report(history, ViolationKind.TornLog, seen[i - 1], seen[i], $"read {seen[i - 1].Log} and {seen[i].Log}", promises, findings);
                break;
            }
        }
    }

    private static void Report(KeyHistory history, ViolationKind kind, Operation first, Operation second, string what, Promises promises, Findings findings)
    {
        var (from, to) = (Math.Min(first.Began, second.Began), Math.Max(first.Ended, second.Ended));
        if (promises.WasDivided(history.Key.Shard, from, to))
        {
            findings.Allow(Allowance.DividedDecision);
            return;
        }

        findings.Violations.Add(new Violation(kind, history.Key, second.Began,
            $"{first.Client} through {first.Proxy} and {second.Client} through {second.Proxy} both {what}"));
    }
}
