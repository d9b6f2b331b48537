using System.Net;
using CacheOperator.Topology;

namespace CacheOperator.Proxy.Members;

/// <summary>What all event loops of this proxy know about a member, by its UID. Any thread may call it.</summary>
internal sealed class MemberRecord(string uid, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly HashSet<IPEndPoint> _abandoned = [];
    private string? _firstIncarnation;
    private long _unreachableLoops;
    private long _unreachableSince = time.GetTimestamp();
    private long _settledHints;
    private long _droppedHints;
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

    /// <summary>Since when some event loop has not reached it; zero when all do.</summary>
    public TimeSpan UnreachableFor => IsReachable ? TimeSpan.Zero : time.GetElapsedTime(Interlocked.Read(ref _unreachableSince));

    /// <summary>Keys of which it missed writes that were made up for.</summary>
    public long SettledHints => Interlocked.Read(ref _settledHints);

    /// <summary>Keys of which it missed writes that could not be made up for in time.</summary>
    public long DroppedHints => Interlocked.Read(ref _droppedHints);

    /// <summary>
    /// This side's addresses of connections that were given up with requests unanswered. Until the member has closed
    /// its end, it may still execute them, after later ones.
    /// </summary>
    public IReadOnlyList<IPEndPoint> Abandoned
    {
        get
        {
            lock (_lock) return [.. _abandoned];
        }
    }

    /// <summary>Whether the process met last is the one that this entry of the topology speaks of.</summary>
    public bool IsExpected(Member entry) => Incarnation == (entry.Incarnation ?? FirstIncarnation);

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
            if (Interlocked.Or(ref _unreachableLoops, 1L << loop) == 0) Interlocked.Exchange(ref _unreachableSince, time.GetTimestamp());
        }
    }

    public void Abandon(IPEndPoint connection)
    {
        lock (_lock) _abandoned.Add(connection);
    }

    /// <summary>The member has closed its end of the connection of this address.</summary>
    public void Forget(IPEndPoint connection)
    {
        lock (_lock) _abandoned.Remove(connection);
    }

    public void CountSettledHint() => Interlocked.Increment(ref _settledHints);

    public void CountDroppedHints(int count) => Interlocked.Add(ref _droppedHints, count);
}
