namespace CacheOperator.Consistency.Faults;

internal enum FaultKind
{
    /// <summary>A member is killed; another pod takes its place.</summary>
    KillMember,

    /// <summary>The process of a member is killed and started again in the same pod.</summary>
    RestartMember,

    /// <summary>A member leaves in good order, and another pod takes its place.</summary>
    ReplaceMember,

    /// <summary>A member hangs.</summary>
    FreezeMember,

    /// <summary>One proxy does not reach one member.</summary>
    CutLink,

    /// <summary>What one proxy and one member send each other takes long.</summary>
    SlowLink,

    /// <summary>A proxy hangs.</summary>
    FreezeProxy,

    /// <summary>A proxy is killed, and started again.</summary>
    KillProxy,

    /// <summary>Nobody plans the topology.</summary>
    PauseOperator,

    /// <summary>A client flushes everything.</summary>
    Flush,
}
