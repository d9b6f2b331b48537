namespace CacheOperator.Consistency.Checking;

/// <summary>What looks wrong but is documented (docs/consistency.md).</summary>
internal enum Allowance
{
    /// <summary>Members differ after writes through two proxies at the same moment, of which at least one was unconditional.</summary>
    ConcurrentWrites,

    /// <summary>Members differ by a write that was never acknowledged.</summary>
    UnfinishedWrite,

    /// <summary>A member lacks a write whose proxy was killed before it could tell.</summary>
    LostHint,

    /// <summary>Two conditional writes were decided by different replicas while proxies did not see the same ones.</summary>
    DividedDecision,

    /// <summary>A conditional write was made once more elsewhere, as the replica that had made it did not say so: a read returned the first one.</summary>
    RepeatedDecision,

    /// <summary>A replica that answered late got a write after the next one, through another proxy, that began when the first was acknowledged.</summary>
    LateReplica,

    /// <summary>A replica in trouble got a write late, and lets it expire by so much later.</summary>
    LateExpiry,

    /// <summary>A read returned what was left while more than one member of the shard was in trouble.</summary>
    WeakenedShard,

    /// <summary>A flush spared on some members what had just been used there.</summary>
    SparedByFlush,

    /// <summary>A read through another proxy returned what was overwritten within the documented bound.</summary>
    StaleWithinBound,
}
