using CacheOperator.Proxy.Clients;
using CacheOperator.Proxy.Net;

namespace CacheOperator.Proxy.Workers;

/// <summary>
/// Keeps what one event loop holds for its clients within a bound. Above it, clients that hold more than their share are
/// not read from; those that take nothing of what they asked for are closed, after a while or, when it gets worse, at
/// once; and members are read from more slowly. A large value is only received when there is room for it.
/// </summary>
internal sealed class MemoryGuard
{
    /// <summary>About what a request under way takes besides its value and answer.</summary>
    public const int RequestSize = 2 << 10;

    private const int SmallestReceive = 4 << 10;
    private const int Interval = 20;
    private const int Patience = 200;
    private const int LongestPause = 200;
    private const long SmallestShare = 8 << 10;

    private readonly Worker _worker;
    private readonly IReadOnlyCollection<ClientConnection> _clients;
    private readonly LoopTimer _timer;
    private readonly Queue<(ClientConnection Client, int Size)> _waiting = new();
    private readonly List<ClientConnection> _stuck = [];
    private long _typicalAnswer = 16 << 10;
    private long _lastRelief;
    private long _pausedSince;
    private bool _membersPaused;

    public MemoryGuard(Worker worker, IReadOnlyCollection<ClientConnection> clients)
    {
        (_worker, _clients) = (worker, clients);
        _timer = new LoopTimer(worker.Loop, Tick);
    }

    /// <summary>Requests of clients under way.</summary>
    public int Requests { get; set; }

    /// <summary>Whether more is held than should be.</summary>
    public bool IsShort => Held > Pool.Limit;

    /// <summary>Bytes of an answer, on average.</summary>
    public long TypicalAnswer => _typicalAnswer;

    /// <summary>What a client may hold while memory is short, in bytes.</summary>
    public long Share => Math.Max(Pool.Limit / Math.Max(_clients.Count, 1), SmallestShare);

    private BufferPool Pool => _worker.Loop.Buffers;

    // With what is likely to come.
    private long Held => Pool.Rented + (Requests * (RequestSize + _typicalAnswer));

    // Above this there is no more waiting for clients that may yet take what is theirs.
    private long Hard => Pool.Limit / 4 * 5;

    // Large values leave room for everything else.
    private long Room => (Pool.Limit / 4 * 3) - Pool.Rented;

    /// <summary>Whether there is room for a large piece of a client's input. If not, the client is admitted when there is.</summary>
    public bool MayHold(ClientConnection connection, int size)
    {
        if (size <= Room) return true;
        _waiting.Enqueue((connection, size));
        Watch();
        return false;
    }

    /// <summary>Whether there is room for a large answer of a member. If not, all members are paused for a moment.</summary>
    public bool MayHoldAnswer(int size)
    {
        if (Pool.Rented + size <= Hard) return true;
        Relieve(size);
        return Pool.Rented + size <= Hard;
    }

    /// <summary>What is read from each client at a time and has to wait is not much for all of them together.</summary>
    public void OnClientsChanged() =>
        _worker.Loop.ClientReceiveSize = (int)Math.Clamp(Pool.Limit / 4 / Math.Max(_clients.Count, 1), SmallestReceive, EventLoop.ReceiveBufferSize);

    /// <summary>More is rented than the limit.</summary>
    public void Relieve() => Relieve(0);

    /// <summary>An answer of this size has been given.</summary>
    public void Answered(long size) => _typicalAnswer += (size - _typicalAnswer) / 8;

    private void Relieve(int wanted)
    {
        Watch();
        _worker.Loop.ClientReceiveSize = SmallestReceive;
        if (Pool.Rented + wanted <= Hard || _worker.Loop.Now == _lastRelief) return;
        _lastRelief = _worker.Loop.Now;
        CloseStuck(_worker.Loop.Now - Patience);
        if (Pool.Rented + wanted <= Hard || _membersPaused) return;
        (_membersPaused, _pausedSince) = (true, _worker.Loop.Now);
        _worker.PauseMembers();
    }

    private void Watch()
    {
        if (!_timer.IsArmed) _timer.Arm(Interval);
    }

    private void Tick()
    {
        AdmitWaiting();
        var isFull = Pool.Rented > Pool.Limit;
        if (!isFull) OnClientsChanged();
        if (isFull || _waiting.Count > 0) CloseStuck(_worker.Loop.Now - (long)_worker.Settings.SlowClientTimeout.TotalMilliseconds);

        // Not for ever: a member whose answers are not taken takes no requests either.
        if (_membersPaused && (!isFull || _worker.Loop.Now - _pausedSince > LongestPause))
        {
            _membersPaused = false;
            _worker.ResumeMembers();
        }

        if (isFull || _waiting.Count > 0 || _membersPaused) _timer.Arm(Interval);
    }

    private void AdmitWaiting()
    {
        var room = Room;
        while (_waiting.TryPeek(out var next) && (next.Size <= room || !next.Client.IsOpen))
        {
            _waiting.Dequeue();
            if (!next.Client.IsOpen) continue;
            room -= next.Size;
            next.Client.Admit();
        }
    }

    // Those that hold most first, until it is enough.
    private void CloseStuck(long since)
    {
        var share = Share;
        foreach (var client in _clients)
        {
            if (client.Holds > share && client.IsStuck(since)) _stuck.Add(client);
        }

        _stuck.Sort(static (a, b) => b.Holds.CompareTo(a.Holds));
        foreach (var client in _stuck)
        {
            if (Pool.Rented <= Pool.Limit && _waiting.Count == 0) break;
            _worker.Metrics.SlowClientsClosed++;
            client.Abort();
        }

        _stuck.Clear();
    }
}
