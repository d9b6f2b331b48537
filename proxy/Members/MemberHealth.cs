using CacheOperator.Proxy.Hints;

namespace CacheOperator.Proxy.Members;

/// <summary>
/// The writes that a member missed in one epoch: as hints while they can be made up for, else as a mere number. A new
/// epoch brings a new object, so that a failure counts in the epoch that the event loop which sees it has applied.
/// Any thread may call it.
/// </summary>
internal sealed class MemberHealth(MemberRecord record, long epoch, HintLimits limits)
{
    private readonly Lock _lock = new();
    private readonly HintTable _hints = new(limits);
    private long _missedWrites;
    private volatile bool _isClean = true;

    public MemberRecord Record { get; } = record;

    public long Epoch { get; } = epoch;

    /// <summary>Writes that nobody will make up for before a new epoch.</summary>
    public long MissedWrites => Volatile.Read(ref _missedWrites);

    /// <summary>Whether it holds every write of this proxy, so that it can be read.</summary>
    public bool IsClean => _isClean;

    /// <summary>Keys of which it missed writes that can be made up for.</summary>
    public int HintCount
    {
        get
        {
            lock (_lock) return _hints.Count;
        }
    }

    /// <summary>What it lacks of a key that others have.</summary>
    public Lack LackOf(ReadOnlySpan<byte> key)
    {
        if (_isClean) return default;
        lock (_lock) return _missedWrites > 0 ? Lack.Unknown : _hints.Find(key);
    }

    /// <summary>It missed a write of one key.</summary>
    /// <inheritdoc cref="Hint"/>
    public void Miss(ReadOnlySpan<byte> key, ulong version, Lack lack, bool isOwed)
    {
        lock (_lock)
        {
            _isClean = false;
            if (_missedWrites > 0 || !_hints.TryAdd(key, version, lack, isOwed)) GiveUp(isOwed ? 1 : 0);
        }
    }

    /// <summary>It missed a write that no hint can stand for.</summary>
    public void MissEverything()
    {
        lock (_lock)
        {
            _isClean = false;
            GiveUp(1);
        }
    }

    /// <summary>The hints are not settled in time: what clients were told is made counts as missed for good now, the rest is forgotten.</summary>
    public void GiveUp()
    {
        lock (_lock) GiveUp(0);
    }

    /// <summary>The hints as they are now.</summary>
    public IReadOnlyList<Hint> Hints()
    {
        lock (_lock) return [.. _hints.Hints];
    }

    /// <summary>These hints are made up for, except where a key was missed again since.</summary>
    public void Settle(IEnumerable<Hint> hints)
    {
        lock (_lock)
        {
            foreach (var hint in hints)
            {
                if (_hints.Remove(hint)) Record.CountSettledHint();
            }

            if (_hints.Count == 0 && _missedWrites == 0) _isClean = true;
        }
    }

    private void GiveUp(long more)
    {
        Record.CountDroppedHints(_hints.Count);
        Volatile.Write(ref _missedWrites, _missedWrites + _hints.Hints.Count(hint => hint.IsOwed) + more);
        _hints.Clear();
        _isClean = _missedWrites == 0;
    }
}
