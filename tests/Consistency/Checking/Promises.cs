using CacheOperator.Consistency.Clients;
using CacheOperator.Consistency.Fleets;
using CacheOperator.Proxy.WarmUp;

namespace CacheOperator.Consistency.Checking;

/// <summary>The bounds that docs/consistency.md tells, in microseconds.</summary>
/// <param name="conditions">What the fleet went through.</param>
/// <param name="memberTimeout">After which a member that does not answer is out.</param>
/// <param name="hintWindow">For how long a proxy makes up for missed writes before the member is quarantined.</param>
internal sealed class Promises(Conditions conditions, TimeSpan memberTimeout, TimeSpan hintWindow)
{
    /// <summary>What was used so shortly before a flush may survive it: memcached compares whole seconds, and notes a use up to a second late.</summary>
    public const long FlushGranularity = 5_000_000;

    /// <summary>What memcached's seconds, and the ticks of two processes, may add to an expiry.</summary>
    public const long ExpirySlack = 3_000_000;

    /// <summary>By how many seconds members may differ in when an item expires that a replica in trouble got late: each counts from when the write reached it.</summary>
    public const long LateExpirySeconds = Sweep.ReplicaToleranceSeconds;

    /// <summary>How long a write that was seen but never answered may go on reaching replicas.</summary>
    public const long UnknownSettles = 8_000_000;

    // From what a proxy reports to a topology that all proxies have applied.
    private const long Reaction = 5_000_000;
    private const long Scheduling = 500_000;

    // How old the last report of a proxy may be.
    private const long ReportAge = 3_000_000;

    private readonly long _lag = (long)memberTimeout.TotalMicroseconds + Scheduling;
    private readonly long _window = (long)hintWindow.TotalMicroseconds + Reaction;

    /// <summary>Until when a read may return what this operation overwrote.</summary>
    public long StaleUntil(Operation overwrite, ProxyRun reader, int shard)
    {
        // A proxy does not read from a member that lacks one of its writes.
        if (overwrite.Proxy == reader) return overwrite.Ended;
        if (conditions.WasKilledAfter(overwrite.Proxy, overwrite.Ended, ReportAge)) return Operation.Never;
        if (!conditions.WasDisturbed(shard, overwrite.Began, overwrite.Ended + _lag)) return overwrite.Ended + _lag;
        return overwrite.Ended + _window + conditions.PausedIn(overwrite.Began, overwrite.Ended + _window);
    }

    /// <summary>Whether a touch may have said that there is nothing, as its primary lacked the write, and have given the item a new end where it is.</summary>
    public bool MayHaveTouched(Operation touch, Operation write, int shard) =>
        touch is { Touches: true, Outcome: Outcome.Refused } && touch.Ended >= write.Began && touch.Began <= StaleUntil(write, touch.Proxy, shard);

    /// <summary>Whether every replica got the overwriting operation after the write: one proxy keeps its order, two do not while a replica has not answered.</summary>
    public bool IsOrdered(WriteRecord write, Operation overwrite) =>
        write.Operation is not { Outcome: Outcome.Done } operation || operation.Proxy == overwrite.Proxy || overwrite.Began > After(operation.Ended);

    /// <summary>Whether what the operation's proxy owed may have died with it.</summary>
    public bool MayBeForgotten(Operation operation) => conditions.WasKilledAfter(operation.Proxy, operation.Ended, ReportAge);

    /// <summary>Whether the two may have been made in one order here and in the other there.</summary>
    public bool AreConcurrent(long began, long ended, long otherBegan, long otherEnded) => began <= After(otherEnded) && otherBegan <= After(ended);

    /// <summary>Whether the replica that was to decide may have failed after it had decided, so that another one did it again.</summary>
    public bool MayBeMadeTwice(WriteRecord write, int shard) =>
        write.Operation is { IsConditional: true } operation && conditions.WasDisturbed(shard, operation.Began, operation.Ended);

    /// <summary>Whether a replica that could not be reached when this was written may have got it from the system's own buffers afterwards.</summary>
    public bool MayHaveComeLate(WriteRecord write, int shard) => conditions.WasDisturbed(shard, write.Began, After(write.Began));

    public bool WasDivided(int shard, long from, long to) => conditions.WasDivided(shard, from, After(to));

    /// <summary>Members have been compared since they are at rest: two of them hold nothing different of one key, whatever the reason was.</summary>
    public bool AreCompared { get; init; }

    /// <summary>Whether a flush spared nothing but what clients had just used: a copy or comparison uses items too, and so does the checker itself.</summary>
    public bool IsThorough(Operation flush, int shard) =>
        flush.Began - FlushGranularity > conditions.Began && !conditions.WasDisturbed(shard, flush.Began - FlushGranularity, flush.Ended);

    public bool WasWeakened(int shard) => conditions.WasWeakened(shard, long.MinValue, Operation.Never);

    /// <summary>Whether the replicas that have this change may all have been in trouble before a read.</summary>
    public bool MayHaveLost(Operation overwrite, Operation read, int shard) =>
        conditions.WasWeakened(shard, overwrite.Began - _lag, read.Ended > Operation.Never - Reaction ? Operation.Never : read.Ended + Reaction);

    // The last replica has it a moment after the client was answered.
    private long After(long ended) => ended > Operation.Never - _lag ? Operation.Never : ended + _lag;
}
