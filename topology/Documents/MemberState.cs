namespace CacheOperator.Topology;

/// <summary>What the proxies may do with a member.</summary>
public enum MemberState
{
    /// <summary>Exists but is not used: no address yet, or nothing known about the process behind it.</summary>
    Cold,

    /// <summary>Gets every write, after the Ready members; serves no reads; is being filled.</summary>
    Warming,

    /// <summary>Gets every write and serves reads.</summary>
    Ready,

    /// <summary>Missed writes: gets writes, serves no reads, waits to be repaired.</summary>
    Quarantined,

    /// <summary>About to leave: gets writes so that neighbours on the previous generation read nothing stale, serves no reads.</summary>
    Draining,
}
