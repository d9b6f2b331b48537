using CacheOperator.Consistency.Clients;

namespace CacheOperator.Consistency.Checking;

/// <summary>Whether the members, at rest, hold what they should: the latest write, all of them the same.</summary>
internal static class RestCheck
{
    private const int ShortSeconds = 60;

    public static void Run(KeyHistory history, IReadOnlyList<SnapshotItem?> replicas, long now, Promises promises, Findings findings)
    {
        findings.Count("keys compared at rest");
        var isSound = true;
        foreach (var item in replicas.OfType<SnapshotItem>().DistinctBy(item => item.Mark)) isSound &= CheckItem(history, item, replicas, now, promises, findings);
        if (!isSound) return;
        if (replicas.All(item => item is null)) CheckLoss(history, now, promises, findings);
        else CheckAgreement(history, replicas, now, promises, findings);
    }

    private static bool CheckItem(KeyHistory history, SnapshotItem item, IReadOnlyList<SnapshotItem?> replicas, long now, Promises promises, Findings findings)
    {
        if (history.Find(item.Mark, now) is not { } write || write.IsRefused)
        {
            findings.Violations.Add(new Violation(ViolationKind.UnknownValue, history.Key, now, $"a member holds {Show(item)}, which nobody wrote or which was refused"));
            return false;
        }

        if (!write.IsAmbiguous && write.Version != 0 && write.Version != item.Version)
        {
            findings.Violations.Add(new Violation(ViolationKind.ChangedItem, history.Key, now, $"a member holds with version {item.Version} what has version {write.Version}; the members: {Show(replicas)}"));
            return false;
        }

        foreach (var overwrite in history.Overwrites)
        {
            if (overwrite == write.Operation || overwrite.Began < write.Made) continue;
            if (promises.MayBeForgotten(overwrite) || !promises.IsOrdered(write, overwrite))
            {
                findings.Allow(promises.MayBeForgotten(overwrite) ? Allowance.LostHint : Allowance.LateReplica);
                continue;
            }

            if (promises.WasWeakened(history.Key.Shard)) continue;
            findings.Violations.Add(new Violation(ViolationKind.StaleAtRest, history.Key, now,
                $"a member holds {Show(item)} at rest, which {overwrite.Text} of {overwrite.Client} through {overwrite.Proxy} had replaced; the members: {Show(replicas)}"));
            return false;
        }

        return true;
    }

    private static void CheckLoss(KeyHistory history, long now, Promises promises, Findings findings)
    {
        if (promises.WasWeakened(history.Key.Shard)) return;
        findings.Count("keys that must not be lost");
        var kept = history.Operations.LastOrDefault(operation => operation is { Stores: true, Outcome: Outcome.Done, Exptime: 0 });
        var since = kept?.Began ?? long.MinValue;
        if (kept is null && (history.Before.Count == 0 || history.BeganDivided || history.Before.Any(item => item.Expiry >= 0))) return;
        if (history.Operations.Concat(history.Flushes).Any(operation => MayRemove(operation) && (operation.Ended >= since || operation.Exptime != 0))) return;
        if (kept is not null && history.Operations.Any(operation => operation.Exptime != 0 && promises.MayHaveTouched(operation, kept, history.Key.Shard)))
        {
            findings.Allow(Allowance.StaleWithinBound);
            return;
        }

        findings.Violations.Add(new Violation(ViolationKind.LostWrite, history.Key, now,
            $"no member holds anything, though {kept?.Text ?? "what was there before"} was acknowledged and nothing removed it"));
    }

    private static bool MayRemove(Operation operation) =>
        operation is { Removes: true, Outcome: not Outcome.Refused } || operation is { Stores: true, Outcome: Outcome.Unknown };

    private static void CheckAgreement(KeyHistory history, IReadOnlyList<SnapshotItem?> replicas, long now, Promises promises, Findings findings)
    {
        // Seconds of two members differ: what comes in the one in which an item expires finds it here and not there.
        if (history.Operations.Any(operation => operation.Exptime is > 0 and < ShortSeconds)) return;
        var first = replicas.First(item => item is not null)!;

        if (promises.AreCompared && replicas.OfType<SnapshotItem>().Any(item => !first.IsSame(item, withExpiry: false)))
        {
            findings.Violations.Add(new Violation(ViolationKind.Disagreement, history.Key, now, $"members differ though they have been compared: {Show(replicas)}"));
            return;
        }

        if (replicas.All(item => first.IsSame(item, withExpiry: true))) return;
        var isOneItem = replicas.All(item => first.IsSame(item, withExpiry: false));
        if ((isOneItem ? ExpiryExcuse.Of(history, [.. replicas.OfType<SnapshotItem>()], now, promises) : Excuse(history, replicas, now, promises)) is { } allowance)
        {
            findings.Allow(allowance);
            return;
        }

        findings.Violations.Add(new Violation(ViolationKind.Disagreement, history.Key, now, $"members differ: {Show(replicas)}"));
    }

    private static Allowance? Excuse(KeyHistory history, IReadOnlyList<SnapshotItem?> replicas, long now, Promises promises)
    {
        var writes = replicas.OfType<SnapshotItem>().DistinctBy(item => item.Mark).Select(item => history.Find(item.Mark, now)!).ToList();
        if (writes.Exists(write => write.IsUnknown)) return Allowance.UnfinishedWrite;
        if (writes.Exists(write => write.Operation is { } operation && promises.MayBeForgotten(operation))) return Allowance.LostHint;
        if (history.BeganDivided && history.Overwrites.Count == 0) return Allowance.ConcurrentWrites;
        if (replicas.Any(item => item is null) && history.Flushes.Any(flush => !history.Overwrites.Contains(flush) && writes.TrueForAll(write => write.Began <= flush.Ended)))
            return Allowance.SparedByFlush;
        var rivals = writes.Select(write => write.Operation).OfType<Operation>().ToList();
        if (rivals.Count < writes.Count) return null;
        if (replicas.Any(item => item is null))
        {
            // Something has removed it there, at the same moment; that something found nothing to remove may have been so elsewhere only.
            var removal = history.Operations.Concat(history.Flushes).FirstOrDefault(operation =>
                (operation.Removes || MayRemove(operation)) && rivals.TrueForAll(rival => promises.AreConcurrent(operation.Began, operation.Ended, rival.Began, rival.Ended)));
            return removal is null ? null : removal.Outcome == Outcome.Unknown ? Allowance.UnfinishedWrite : Allowance.ConcurrentWrites;
        }

        return writes.Count > 1 && rivals.Exists(rival => !rival.IsConditional)
            && rivals.TrueForAll(one => rivals.TrueForAll(other => promises.AreConcurrent(one.Began, one.Ended, other.Began, other.Ended)))
            ? Allowance.ConcurrentWrites
            : null;
    }

    private static string Show(IReadOnlyList<SnapshotItem?> replicas) => string.Join("; ", replicas.Select(Show));

    private static string Show(SnapshotItem? item) => item is null
        ? "nothing"
        : $"{item.Text[..Math.Min(item.Text.Length, 40)]} (version {item.Version}, flags {item.Flags}, expiry {item.Expiry})";
}
