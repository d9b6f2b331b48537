using CacheOperator.Operator.Runtime.Client;

namespace CacheOperator.Operator.Runtime.Queueing;

/// <summary>
/// Keys that want work. A key waits at most once, however often it is added; it is never given to two workers at a time:
/// what is added while a worker has it comes again after <see cref="Done"/>. Safe for many producers and many workers.
/// </summary>
internal sealed class KeyQueue : IDisposable
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly Backoff _backoff;
    private readonly Queue<ObjectKey> _ready = new();
    private readonly HashSet<ObjectKey> _dirty = [];
    private readonly HashSet<ObjectKey> _processing = [];
    private readonly Dictionary<ObjectKey, int> _failures = [];
    private readonly Dictionary<ObjectKey, DateTimeOffset> _due = [];
    private readonly PriorityQueue<ObjectKey, DateTimeOffset> _delayed = new();
    private readonly SemaphoreSlim _available = new(0);
    private readonly ITimer _timer;
    private bool _disposed;

    /// <param name="backoff">Waits of a key that failed, by how often in a row.</param>
    public KeyQueue(TimeProvider time, Backoff backoff)
    {
        _time = time;
        _backoff = backoff;
        _timer = time.CreateTimer(_ => OnTimer(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Keys that a worker could take now.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _ready.Count;
        }
    }

    /// <summary>Adds a key for as soon as a worker is free.</summary>
    public void Add(ObjectKey key)
    {
        lock (_gate)
            AddLocked(key);
    }

    /// <summary>Adds a key for later. Of several such calls the earliest time counts; being taken before that settles it.</summary>
    public void AddAfter(ObjectKey key, TimeSpan delay)
    {
        if (delay <= TimeSpan.Zero)
        {
            Add(key);
            return;
        }

        lock (_gate)
        {
            var due = _time.GetUtcNow() + delay;
            if (_due.TryGetValue(key, out var earlier) && earlier <= due)
                return;
            _due[key] = due;
            _delayed.Enqueue(key, due);
            SetTimer();
        }
    }

    /// <summary>Counts a failure of the key and adds it for after its backoff.</summary>
    /// <returns>The wait.</returns>
    public TimeSpan AddFailed(ObjectKey key)
    {
        int failures;
        lock (_gate)
            _failures[key] = failures = _failures.GetValueOrDefault(key) + 1;
        var delay = _backoff.After(failures);
        AddAfter(key, delay);
        return delay;
    }

    /// <summary>The key succeeded: its backoff starts over.</summary>
    public void Forget(ObjectKey key)
    {
        lock (_gate)
            _failures.Remove(key);
    }

    /// <summary>Waits for a key and takes it. Every key taken must be given back by <see cref="Done"/>.</summary>
    public async ValueTask<ObjectKey> TakeAsync(CancellationToken cancellationToken)
    {
        await _available.WaitAsync(cancellationToken);
        lock (_gate)
        {
            var key = _ready.Dequeue();
            _processing.Add(key);
            _dirty.Remove(key);
            _due.Remove(key);
            return key;
        }
    }

    /// <summary>The worker is through with the key; if it was added meanwhile, it comes again.</summary>
    public void Done(ObjectKey key)
    {
        lock (_gate)
        {
            if (_processing.Remove(key) && _dirty.Contains(key))
                MakeReady(key);
        }
    }

    /// <summary>What comes after this is dropped.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _timer.Dispose();
            _available.Dispose();
        }
    }

    private void AddLocked(ObjectKey key)
    {
        if (_dirty.Add(key) && !_processing.Contains(key))
            MakeReady(key);
    }

    private void MakeReady(ObjectKey key)
    {
        if (_disposed)
            return;
        _ready.Enqueue(key);
        _available.Release();
    }

    private void OnTimer()
    {
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            while (_delayed.TryPeek(out var key, out var due) && due <= now)
            {
                _delayed.Dequeue();

                // An entry that was replaced by an earlier one, or settled, is only a leftover here.
                if (_due.TryGetValue(key, out var current) && current == due)
                {
                    _due.Remove(key);
                    AddLocked(key);
                }
            }

            SetTimer();
        }
    }

    private void SetTimer()
    {
        if (_disposed || !_delayed.TryPeek(out _, out var due))
            return;
        var wait = due - _time.GetUtcNow();
        _timer.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }
}
