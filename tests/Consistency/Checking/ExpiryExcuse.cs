using CacheOperator.Consistency.Clients;

namespace CacheOperator.Consistency.Checking;

/// <summary>Why members may let one and the same item expire at different times.</summary>
internal static class ExpiryExcuse
{
    public static Allowance? Of(KeyHistory history, IReadOnlyList<SnapshotItem> replicas, long now, Promises promises)
    {
        var write = history.Find(replicas[0].Mark, now);
        var touches = history.Operations.Where(operation => operation.Touches && operation.Ended >= (write?.Began ?? long.MinValue)).ToList();
        if (touches.Exists(touch => HasRival(history, touch, promises))) return Allowance.ConcurrentWrites;
        if (touches.Exists(touch => touch.Outcome == Outcome.Unknown)) return Allowance.UnfinishedWrite;
        if (touches.Exists(promises.MayBeForgotten)) return Allowance.LostHint;
        if (write?.Operation is { } stored && touches.Exists(touch => promises.MayHaveTouched(touch, stored, history.Key.Shard))) return Allowance.StaleWithinBound;

        // Why they were apart when the round began, the one before it has seen.
        if (history.WasApart(replicas)) return Allowance.LateExpiry;
        return write?.Operation is not null && replicas.All(item => replicas[0].ExpiresWith(item, Promises.LateExpirySeconds)) && promises.MayHaveComeLate(write, history.Key.Shard)
            ? Allowance.LateExpiry
            : null;
    }

    private static bool HasRival(KeyHistory history, Operation touch, Promises promises) => history.Operations.Any(other =>
        other != touch && (other.Proxy != touch.Proxy || other.IsConditional) && (other.Exptime != 0 || other.Overwrites)
        && promises.AreConcurrent(touch.Began, touch.Ended, other.Began, other.Ended));
}
