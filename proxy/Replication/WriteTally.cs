using CacheOperator.Topology;

namespace CacheOperator.Proxy.Replication;

/// <summary>How far one write has come on the replicas of its key, and what follows from that. Sets of replicas are bit masks.</summary>
internal struct WriteTally
{
    private int _ready;
    private ulong _sent;
    private ulong _recorded;

    /// <summary>Replicas that take writes but are not Ready.</summary>
    public ulong Late { get; private set; }

    /// <summary>Those that have acknowledged.</summary>
    public ulong Applied { get; private set; }

    /// <summary>Those that have been sent the change and may still acknowledge.</summary>
    public ulong Pending { get; private set; }

    /// <summary>Those that did not acknowledge: they failed, or were not reached.</summary>
    public ulong Missing { get; private set; }

    /// <summary>There is such a replica.</summary>
    public void AddLate(int replica) => Late |= Bit(replica);

    /// <inheritdoc cref="AddLate"/>
    public void AddReady(int replica, bool isReached)
    {
        _ready++;
        if (!isReached) Missing |= Bit(replica);
    }

    public readonly bool IsPending(int replica) => (Pending & Bit(replica)) != 0;

    /// <summary>The change is sent to it.</summary>
    public void Send(int replica)
    {
        Pending |= Bit(replica);
        _sent |= Bit(replica);
    }

    /// <summary>It has answered.</summary>
    /// <param name="replica">Which one.</param>
    /// <param name="verdict">What has come of it.</param>
    /// <param name="isReady">Whether it has not turned out to be another process, which has the change, but is not Ready.</param>
    public void Settle(int replica, Verdict verdict, bool isReady)
    {
        Pending &= ~Bit(replica);
        if (!isReady) Late |= Bit(replica);
        if (verdict == Verdict.Applied) Applied |= Bit(replica);
        if (verdict == Verdict.Failed) Missing |= Bit(replica);
    }

    /// <summary>It is not reached, or is lost.</summary>
    public void Lose(int replica)
    {
        Pending &= ~Bit(replica);
        Applied &= ~Bit(replica);
        Missing |= Bit(replica);
    }

    /// <summary>It has the change already, or has failed after it was sent one.</summary>
    public void Mark(int replica, bool applied)
    {
        if (applied)
        {
            Applied |= Bit(replica);
        }
        else
        {
            Missing |= Bit(replica);
            _sent |= Bit(replica);
        }
    }

    /// <inheritdoc cref="AckRule.IsOutvoted"/>
    public readonly bool IsOutvoted(WriteAck policy) => AckRule.IsOutvoted(policy, _ready, Missing & ~Late);

    /// <summary>Whether enough of the Ready replicas have acknowledged.</summary>
    /// <param name="policy">What the topology asks for.</param>
    /// <param name="local">Those in the proxy's own zone.</param>
    /// <param name="primary">The key's primary; -1 if there is none.</param>
    /// <param name="isLate">Whether only the late ones may still do so.</param>
    public readonly bool IsSatisfied(WriteAck policy, ulong local, int primary, bool isLate) =>
        (Missing == 0 || !IsOutvoted(policy))
        && AckRule.IsSatisfied(policy, _ready, Applied & ~Late, isLate ? 0 : Pending, local & ~Late, primary < 0 ? 0 : Bit(primary));

    /// <summary>Those that miss the write and were not told here before. A change that no replica has is missed by none; one that was sent may have been made.</summary>
    public ulong TakeMissed()
    {
        var missed = (Applied != 0 ? Missing : Missing & _sent) & ~_recorded;
        _recorded |= missed;
        return missed;
    }

    private static ulong Bit(int replica) => 1UL << replica;
}
