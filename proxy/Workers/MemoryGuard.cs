using System.Net.Sockets;
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

    private const int SmallestReceive = 2 << 10;
    private const int SystemBufferSize = 64 << 10;
    private const int LargestSendQueue = 1 << 20;
    private const int Interval = 20;
    private const int Patience = 200;
    private const int LongestPause = 200;
    private const long SmallestShare = 8 << 10;

    private readonly Worker _worker;
    private readonly IReadOnlyCollection<ClientConnection> _clients;
    private readonly LoopTimer _timer;
    private readonly Queue<(ClientConnection Client, int Size)> _waiting = new();
    private readonly List<ClientConnection> _stuck = [];
    private long _underWay;
    private long _lastRelief;
    private long _lastAdmission;
    private long _pausedSince;
    private bool _membersPaused;

    public MemoryGuard(Worker worker, IReadOnlyCollection<ClientConnection> clients)
    {
        (_worker, _clients) = (worker, clients);
        _timer = new LoopTimer(worker.Loop, Tick);
    }

    /// <summary>Requests of clients under way.</summary>
    public int Requests { get; private set; }

    /// <summary>Whether more is held than should be.</summary>
    public bool IsShort => Held > Pool.Limit;

    /// <summary>Bytes that more requests may take while they are under way. A few can always be, to serve those who ask for little.</summary>
    public long RoomForRequests => Math.Clamp(Hard - Pool.Rented, Pool.Limit / 16, Pool.Limit / 4 * 3) - _underWay;

    /// <summary>What a client may hold while memory is short, in bytes.</summary>
    public long Share => Math.Max(LimitPerClient, SmallestShare);

    private BufferPool Pool => _worker.Loop.Buffers;

    private long LimitPerClient => Pool.Limit / Math.Max(_clients.Count, 1);

    // With what is likely to come.
    private long Held => Pool.Rented + _underWay;

    // Above this there is no more waiting for clients that may yet take what is theirs.
    private long Hard => Pool.Limit / 4 * 5;

    // Large values leave room for everything else.
    private long MostForValues => Pool.Limit / 4 * 3;

    private long Room => MostForValues - Pool.Rented;

    /// <summary>Whether there is room for a large piece of a client's input. If not, the client is admitted when there is.</summary>
    public bool MayHold(ClientConnection connection, int size)
    {
        if (size <= Room)
        {
            _lastAdmission = _worker.Loop.Now;
            return true;
        }

        if (_waiting.Count == 0) _lastAdmission = _worker.Loop.Now;
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
        _worker.Loop.ClientReceiveSize = (int)Math.Clamp(LimitPerClient / 4, SmallestReceive, EventLoop.MaxClientReceiveSize);

    /// <summary>
    /// Has the system keep little of what clients are sent and do not take, and of what very many clients send: short of such
    /// memory, it would throw away what members send as well. What is on its way to those that do take it is not limited.
    /// </summary>
    public void LimitSystemBuffers(Socket client)
    {
        SendQueue.Limit(client, (int)Math.Clamp(LimitPerClient, SystemBufferSize, LargestSendQueue));

        // The system takes twice as much, for its own needs.
        var size = (int)Math.Min(LimitPerClient / 2, SystemBufferSize);
        if (size < SystemBufferSize) client.ReceiveBufferSize = client.SendBufferSize = Math.Max(size, SmallestReceive);
    }

    /// <summary>More is rented than the limit.</summary>
    public void Relieve() => Relieve(0);

    /// <summary>A request begins, or is over.</summary>
    /// <param name="keys">How many keys it asks for; negative when it is over.</param>
    /// <param name="bytes">What it is likely to take; the same, negative, when it is over.</param>
    public void Count(int keys, long bytes)
    {
        Requests += keys;
        _underWay += bytes;
    }

    private void Relieve(int wanted)
    {
        Watch();
        _worker.Loop.ClientReceiveSize = SmallestReceive;
        if (Pool.Rented + wanted <= Hard) return;
        if (_worker.Loop.Now - _lastRelief >= Interval)
        {
            _lastRelief = _worker.Loop.Now;
            CloseStuck(_worker.Loop.Now - Patience, Pool.Limit - wanted);
        }

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
        if (isFull || _waiting.Count > 0) CloseSlow(_worker.Loop.Now - (long)_worker.Settings.SlowClientTimeout.TotalMilliseconds);

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
        while (_waiting.TryPeek(out var next) && (next.Size <= Room || !next.Client.IsOpen))
        {
            _waiting.Dequeue();
            if (!next.Client.IsOpen) continue;
            _lastAdmission = _worker.Loop.Now;
            next.Client.Admit();
        }
    }

    private void CloseSlow(long since)
    {
        var most = _waiting.TryPeek(out var next) ? MostForValues - Math.Max(next.Size, Pool.Limit / 4) : Pool.Limit;
        CloseStuck(since, most);

        // Those that wait for room may be the ones that take it.
        if (_lastAdmission <= since && _waiting.TryDequeue(out next)) Close(next.Client);
    }

    // Those that have been so for longest first, until no more than this is rented: whoever is only slow goes last.
    private void CloseStuck(long since, long most)
    {
        var share = Share;
        foreach (var client in _clients)
        {
            if (client.StuckSince <= since && client.Holds > share) _stuck.Add(client);
        }

        _stuck.Sort(static (a, b) => a.StuckSince.CompareTo(b.StuckSince));
        foreach (var client in _stuck)
        {
            if (Pool.Rented <= most) break;
            if (!client.HasProgress) Close(client);
        }

        _stuck.Clear();
    }

    private void Close(ClientConnection client)
    {
        if (client.IsOpen) _worker.Metrics.SlowClientsClosed++;
        client.Abort();
    }
}
