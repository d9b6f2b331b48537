using System.Collections.Concurrent;

namespace CacheOperator.Proxy.Net;

/// <summary>
/// One thread that waits for sockets, timers and work posted by other threads. An iteration dispatches every event
/// first and writes afterwards, to each peer once, members before clients: the number of writes and wake-ups is what
/// a proxy costs. Everything but <see cref="Post"/> and <see cref="Stop"/> belongs to the loop's own thread.
/// </summary>
internal sealed class EventLoop : IDisposable
{
    /// <summary>Most that is read at a time: whole answers of a member to several clients, so that each gets its own in one piece.</summary>
    public const int ReceiveBufferSize = 256 << 10;

    /// <summary>Most that is read from a client at a time.</summary>
    public const int MaxClientReceiveSize = 64 << 10;

    /// <summary>The runtime hands over so many without allocating.</summary>
    internal const int MaxPieces = 8;

    private readonly TimeProvider _time;
    private readonly Action<Exception> _onError;
    private readonly Epoll _epoll = new();
    private readonly WakeUp _wakeUp = new();
    private readonly ConcurrentQueue<Action> _posted = new();
    private readonly PriorityQueue<(LoopTimer Timer, long Due), long> _timers = new();
    private readonly List<Connection>[] _dirty = [new(), new()];
    private readonly List<Connection> _flushing = [];
    private List<Connection> _deferred = [];
    private List<Connection> _resuming = [];
    private Slot[] _slots = new Slot[64];
    private int _wakeUpSet;
    private volatile bool _stopping;

    private readonly Action? _onMemoryPressure;

    /// <param name="time">The clock of <see cref="Now"/>.</param>
    /// <param name="onError">Told of exceptions that no handler takes; the loop goes on.</param>
    /// <param name="memoryLimit">Bytes that <see cref="Buffers"/> should not exceed.</param>
    /// <param name="onMemoryPressure">Called in every iteration in which more are rented.</param>
    public EventLoop(TimeProvider time, Action<Exception> onError, long memoryLimit = long.MaxValue, Action? onMemoryPressure = null)
    {
        Buffers = new BufferPool(memoryLimit);
        _onMemoryPressure = onMemoryPressure;
        _time = time;
        _onError = onError;
        Now = ReadClock();
        _epoll.Add(_wakeUp.Handle, Readiness.Readable, ulong.MaxValue);
    }

    private struct Slot
    {
        public IEventHandler? Handler;
        public uint Generation;
    }

    /// <summary>Monotonic milliseconds, read once per iteration.</summary>
    public long Now { get; private set; }

    /// <summary>Iterations so far.</summary>
    public long Iterations { get; private set; }

    public BufferPool Buffers { get; }

    /// <summary>Scratch space for one read; its contents last until the handler returns.</summary>
    internal byte[] ReceiveBuffer { get; } = GC.AllocateUninitializedArray<byte>(ReceiveBufferSize, pinned: true);

    /// <summary>How much is read from a client at a time; at most <see cref="MaxClientReceiveSize"/>.</summary>
    public int ClientReceiveSize { get; set; } = MaxClientReceiveSize;

    /// <summary>Scratch space for one write.</summary>
    internal List<ArraySegment<byte>> Pieces { get; } = new(MaxPieces);

    /// <summary>Runs an action on the loop's thread, soon. Any thread may call it.</summary>
    public void Post(Action action)
    {
        _posted.Enqueue(action);
        if (Interlocked.Exchange(ref _wakeUpSet, 1) == 0) _wakeUp.Set();
    }

    /// <summary>Ends <see cref="Run"/> after the iteration under way. Any thread may call it.</summary>
    public void Stop()
    {
        _stopping = true;
        _wakeUp.Set();
    }

    public void Run()
    {
        while (!_stopping) RunOnce();
    }

    public void Dispose()
    {
        _epoll.Dispose();
        _wakeUp.Dispose();
    }

    internal void Register(int fd, IEventHandler handler, Readiness interest)
    {
        if (fd >= _slots.Length) Array.Resize(ref _slots, Math.Max(fd + 1, _slots.Length * 2));
        ref var slot = ref _slots[fd];
        slot.Handler = handler;
        slot.Generation++;
        _epoll.Add(fd, interest, Data(fd));
    }

    internal void ChangeInterest(int fd, Readiness interest) => _epoll.Modify(fd, interest, Data(fd));

    internal void Unregister(int fd)
    {
        _slots[fd].Handler = null;
        _epoll.Remove(fd);
    }

    internal void Enqueue(LoopTimer timer, long due) => _timers.Enqueue((timer, due), due);

    /// <summary>Has the connection flushed at the end of this iteration.</summary>
    internal void MarkDirty(Connection connection, FlushOrder order) => _dirty[(int)order].Add(connection);

    /// <summary>Has <see cref="Connection.Resume"/> called in the next iteration, which follows at once.</summary>
    internal void Defer(Connection connection) => _deferred.Add(connection);

    private void RunOnce()
    {
        var count = _epoll.Wait(Timeout());
        Now = ReadClock();
        Iterations++;
        for (var i = 0; i < count; i++) Dispatch(i);
        RunPosted();
        RunTimers();
        RunDeferred();
        if (Buffers.Rented > Buffers.Limit && _onMemoryPressure is { } relieve) Guard(relieve);

        // A failed write to one member may send the request to the next one: write until nothing new comes up.
        do
        {
            Flush(FlushOrder.Members);
            Flush(FlushOrder.Clients);
        }
        while (_dirty[0].Count + _dirty[1].Count > 0);
    }

    private void Dispatch(int index)
    {
        var (readiness, data) = _epoll.Event(index);
        if (data == ulong.MaxValue)
        {
            _wakeUp.Reset();
            return;
        }

        // The descriptor may have been closed, and even reused, by an earlier event of this very iteration.
        var slot = _slots[(int)(uint)data];
        if (slot.Handler is null || slot.Generation != (uint)(data >> 32)) return;
        try
        {
            slot.Handler.OnReady(readiness);
        }
        catch (Exception e)
        {
            GiveUp(slot.Handler, e);
        }
    }

    private void RunPosted()
    {
        Volatile.Write(ref _wakeUpSet, 0);
        for (var count = _posted.Count; count > 0 && _posted.TryDequeue(out var action); count--) Guard(action);
    }

    private void RunTimers()
    {
        while (_timers.TryPeek(out _, out var due) && due <= Now)
        {
            var (timer, armedFor) = _timers.Dequeue();
            if (timer.Expire(armedFor)) Guard(timer.Callback);
        }
    }

    private void Guard(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e)
        {
            _onError(e);
        }
    }

    private void RunDeferred()
    {
        (_resuming, _deferred) = (_deferred, _resuming);
        foreach (var connection in _resuming)
        {
            try
            {
                connection.Resume();
            }
            catch (Exception e)
            {
                GiveUp(connection, e);
            }
        }

        _resuming.Clear();
    }

    private void Flush(FlushOrder order)
    {
        var dirty = _dirty[(int)order];
        if (dirty.Count == 0) return;
        _flushing.AddRange(dirty);
        dirty.Clear();
        foreach (var connection in _flushing)
        {
            try
            {
                connection.Flush();
            }
            catch (Exception e)
            {
                GiveUp(connection, e);
            }
        }

        _flushing.Clear();
    }

    private void GiveUp(IEventHandler handler, Exception exception)
    {
        try
        {
            handler.OnFault(exception);
        }
        catch (Exception e)
        {
            _onError(e);
        }
    }

    private int Timeout()
    {
        if (_deferred.Count > 0 || !_posted.IsEmpty) return 0;
        if (!_timers.TryPeek(out _, out var due)) return -1;
        return (int)Math.Clamp(due - ReadClock(), 0, int.MaxValue);
    }

    private ulong Data(int fd) => ((ulong)_slots[fd].Generation << 32) | (uint)fd;

    private long ReadClock() => _time.GetTimestamp() / (_time.TimestampFrequency / 1000);
}
