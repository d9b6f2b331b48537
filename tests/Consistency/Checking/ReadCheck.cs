using CacheOperator.Consistency.Clients;
using CacheOperator.Consistency.Keys;
using CacheOperator.Consistency.Reporting;

namespace CacheOperator.Consistency.Checking;

/// <summary>Whether what clients read could be the latest at some moment of the read. A miss always can: it is a cache.</summary>
internal static class ReadCheck
{
    public static void Run(KeyHistory history, Promises promises, Findings findings)
    {
        foreach (var read in history.Operations.Where(operation => operation is { IsRead: true, Mark: > 0 }))
        {
            findings.Count("hits checked");
            if (history.Find(read.Mark, read.Ended) is not { } write)
            {
                Report(findings, ViolationKind.UnknownValue, history, read, "returned a value that nobody wrote");
            }
            else if (write.Began > read.Ended && !history.MayHaveCounted(read.Ended))
            {
                Report(findings, ViolationKind.UnknownValue, history, read, "returned a value before it was written");
            }
            else if (write.IsRefused)
            {
                Report(findings, ViolationKind.UnknownValue, history, read, "returned a value whose write was refused");
            }
            else
            {
                CheckItem(history, write, read, promises, findings);
                CheckAge(history, write, read, promises, findings);
                CheckExpiry(history, write, read, findings);
            }
        }
    }

    private static void CheckItem(KeyHistory history, WriteRecord write, Operation read, Promises promises, Findings findings)
    {
        if (read.Version > 0 && !write.IsAmbiguous)
        {
            if (write.Version == 0) write.Version = read.Version;
            if (write.Version != read.Version)
            {
                if (promises.MayBeMadeTwice(write, history.Key.Shard)) findings.Allow(Allowance.RepeatedDecision);
                else Report(findings, ViolationKind.ChangedItem, history, read, $"returned with version {read.Version} what has version {write.Version}");
            }
        }

        if (read.Flags is { } flags && write.Operation is { Stores: true } store && flags != Values.FlagsOf(store.Write))
            Report(findings, ViolationKind.ChangedItem, history, read, $"returned with flags {flags} what has flags {Values.FlagsOf(store.Write)}");
    }

    private static void CheckAge(KeyHistory history, WriteRecord write, Operation read, Promises promises, Findings findings)
    {
        Allowance? tolerated = null;
        foreach (var overwrite in history.Overwrites)
        {
            if (overwrite == write.Operation || overwrite.Began < write.Made || overwrite.Ended >= read.Began) continue;
            var isOrdered = promises.IsOrdered(write, overwrite);
            tolerated = isOrdered ? Allowance.StaleWithinBound : Allowance.LateReplica;
            if (!isOrdered || promises.StaleUntil(overwrite, read.Proxy, history.Key.Shard) >= read.Began) continue;
            if (promises.MayHaveLost(overwrite, read, history.Key.Shard))
            {
                tolerated = Allowance.WeakenedShard;
                continue;
            }

            Report(findings, ViolationKind.StaleRead, history, read,
                $"returned {Text(write)}, which {overwrite.Text} through {overwrite.Proxy} had replaced, acknowledged {(read.Began - overwrite.Ended) / 1000} ms before");
            return;
        }

        if (tolerated is { } allowance) findings.Allow(allowance);
    }

    private static void CheckExpiry(KeyHistory history, WriteRecord write, Operation read, Findings findings)
    {
        if (write.Operation is not { Exptime: > 0, Outcome: Outcome.Done } store) return;
        if (history.Operations.Any(operation => operation.Touches)) return;
        if (read.Began > store.Ended + (store.Exptime * 1_000_000L) + Promises.ExpirySlack)
            Report(findings, ViolationKind.ExpiredValue, history, read, $"returned {Text(write)}, which had expired");
    }

    private static string Text(WriteRecord write) =>
        write.Operation is { } operation ? $"the value of {operation.Text} (begun {RunClock.Show(operation.Began)})" : "what was there when the round began";

    private static void Report(Findings findings, ViolationKind kind, KeyHistory history, Operation read, string what) =>
        findings.Violations.Add(new Violation(kind, history.Key, read.Began, $"{read.Text} of {read.Client} through {read.Proxy} {what}"));
}
