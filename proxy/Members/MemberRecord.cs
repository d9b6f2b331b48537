using CacheOperator.Topology;

namespace CacheOperator.Proxy.Members;

/// <summary>What all event loops of this proxy know about a member, by its UID. Written by the loops, read by anyone.</summary>
internal sealed class MemberRecord(string uid)
{
    private string? _firstIncarnation;
    private long _unreachableLoops;
    private volatile string? _incarnation;
    private volatile MemberStatistics? _statistics;

    public string Uid { get; } = uid;

    /// <summary>The first process met at this UID: the one that counts while the topology names none.</summary>
    public string? FirstIncarnation => Volatile.Read(ref _firstIncarnation);

    /// <summary>The process met last.</summary>
    public string? Incarnation => _incarnation;

    public MemberStatistics? Statistics => _statistics;

    /// <summary>Whether every event loop reaches it.</summary>
    public bool IsReachable => _incarnation is not null && Interlocked.Read(ref _unreachableLoops) == 0;

    public void Met(string incarnation, MemberStatistics statistics)
    {
        Interlocked.CompareExchange(ref _firstIncarnation, incarnation, null);
        _incarnation = incarnation;
        _statistics = statistics;
    }

    /// <param name="loop">Number of the event loop, 0..63.</param>
    /// <param name="reachable">Whether it has a usable connection.</param>
    public void SetReachable(int loop, bool reachable)
    {
        if (reachable)
        {
            Interlocked.And(ref _unreachableLoops, ~(1L << loop));
        }
        else
        {
            Interlocked.Or(ref _unreachableLoops, 1L << loop);
        }
    }
}
