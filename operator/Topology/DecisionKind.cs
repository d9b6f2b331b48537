namespace CacheOperator.Operator.Topology;

/// <summary>What the planner decided; the names are the reasons of the events.</summary>
internal enum DecisionKind
{
    /// <summary>A member gets writes from now on and will be filled.</summary>
    WarmUpStarted,

    /// <summary>A copy was given to a proxy.</summary>
    CopyAssigned,

    /// <summary>A copy did not come to its end and is started over.</summary>
    CopyRestarted,

    /// <summary>A member serves reads.</summary>
    MemberReady,

    /// <summary>The process behind a pod is a new one and has nothing.</summary>
    MemberRestarted,

    /// <summary>A member missed writes and serves no reads until it has been filled anew.</summary>
    MemberQuarantined,

    /// <summary>No proxy has reached a member for long, others stand in for it: it counts no longer until it has been filled anew.</summary>
    MemberUnreachable,

    /// <summary>A member missed writes and serves all the same, because nothing better is left.</summary>
    MissedWritesAccepted,

    /// <summary>A member that was not filled completely serves, because nothing better is left.</summary>
    IncompleteMemberServes,

    MemberDraining,

    MemberRemoved,

    /// <summary>The number of shards is being changed: keys that are about to move are copied.</summary>
    ReshardingStarted,

    /// <summary>Some proxy did not know that keys are about to move: all of them are looked at once more.</summary>
    ReshardingRestarted,

    /// <summary>The change was called off before the new shards were read.</summary>
    ReshardingReversed,

    /// <summary>Keys are read where they have moved to.</summary>
    ReshardingSwitched,

    /// <summary>Nothing is left of the old number of shards.</summary>
    ReshardingFinished,
}
