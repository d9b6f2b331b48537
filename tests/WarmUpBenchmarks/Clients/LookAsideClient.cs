using System.Diagnostics;
using System.Net.Sockets;

namespace CacheOperator.WarmUpBenchmarks.Clients;

/// <summary>
/// A service in front of a database: asks its cache for keys at a steady rate, whether answers come or not, and sets what was not there. One thread.
/// </summary>
/// <param name="keys">What it asks for.</param>
/// <param name="rate">Requests a second.</param>
/// <param name="valueBytes">Bytes of every value.</param>
/// <param name="cache">Its cache.</param>
/// <param name="neighbour">If given, is asked for what the cache does not have; what it has is set in the cache: lazy warm-up.</param>
/// <param name="writes">Which part of the requests are sets instead, of keys by the same law.</param>
internal sealed class LookAsideClient(ZipfKeys keys, int rate, int valueBytes, Lane cache, Lane? neighbour = null, double writes = 0) : IAsyncDisposable
{
    private const int WaitMicroseconds = 1000;

    /// <summary>What it could not ask in time it leaves out: a client that is late by more measures itself.</summary>
    private static readonly TimeSpan LongestLag = TimeSpan.FromMilliseconds(200);

    private readonly Lock _lock = new();
    private readonly ItemText _text = new(valueBytes);
    private readonly Random _random = new(7);
    private readonly Lane[] _lanes = neighbour is null ? [cache] : [cache, neighbour];
    private Tally _tally = new();
    private volatile bool _stopped;
    private Task _running = Task.CompletedTask;

    public void Start() => _running = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>What was counted since the last call.</summary>
    public Tally Take()
    {
        if (_running.IsFaulted) _running.GetAwaiter().GetResult();
        lock (_lock)
        {
            var taken = _tally;
            _tally = new Tally();
            return taken;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _stopped = true;
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var lane in _lanes) lane.Dispose();
    }

    private void Run()
    {
        var interval = (double)Stopwatch.Frequency / rate;
        var due = (double)Stopwatch.GetTimestamp();
        var ready = new List<Socket>();
        while (!_stopped)
        {
            foreach (var lane in _lanes) lane.Maintain(_text);
            var now = Stopwatch.GetTimestamp();
            due = Math.Max(due, now - (LongestLag.TotalSeconds * Stopwatch.Frequency));
            for (; due <= now; due += interval) Ask(keys.Next(_random));
            Flush();
            ready.Clear();
            foreach (var lane in _lanes) ready.AddRange(lane.Open.Select(connection => connection.Socket));
            if (ready.Count == 0)
            {
                Thread.Sleep(1);
                continue;
            }

            Socket.Select(ready, null, null, WaitMicroseconds);
            foreach (var lane in _lanes) TakeAnswers(lane, ready);
        }
    }

    private void Ask(int key)
    {
        if (writes > 0 && _random.NextDouble() < writes)
        {
            cache.Pick()?.Set(key);
            return;
        }

        var get = new PendingGet(key, Stopwatch.GetTimestamp());
        if (cache.Pick() is { } connection) connection.Get(get);
        else AskFurther(cache, get);
    }

    private void Flush()
    {
        foreach (var lane in _lanes)
        {
            foreach (var connection in lane.Open.ToList())
            {
                try
                {
                    connection.Flush();
                }
                catch (SocketException)
                {
                    Break(lane, connection);
                }
            }
        }
    }

    private void TakeAnswers(Lane lane, List<Socket> ready)
    {
        foreach (var connection in lane.Open.Where(connection => ready.Contains(connection.Socket)).ToList())
        {
            try
            {
                if (!connection.Receive()) throw new SocketException((int)SocketError.ConnectionReset);
                while (connection.TryTake(out var get, out var outcome)) Judge(lane, get, outcome);
            }
            catch (SocketException)
            {
                Break(lane, connection);
            }
        }
    }

    private void Judge(Lane lane, PendingGet get, GetOutcome outcome)
    {
        if (outcome == GetOutcome.Failed) CountFailure();
        if (outcome != GetOutcome.Hit)
        {
            AskFurther(lane, get);
            return;
        }

        if (lane == neighbour) cache.Pick()?.Set(get.Key);
        End(get, fromBackend: false);
    }

    /// <summary>Who was asked had no answer.</summary>
    private void AskFurther(Lane asked, PendingGet get)
    {
        if (asked == cache && neighbour?.Pick() is { } connection)
        {
            connection.Get(get);
            return;
        }

        cache.Pick()?.Set(get.Key);
        End(get, fromBackend: true);
    }

    private void Break(Lane lane, GetConnection connection)
    {
        lane.Drop(connection);
        foreach (var get in connection.Pending)
        {
            CountFailure();
            AskFurther(lane, get);
        }
    }

    private void CountFailure()
    {
        lock (_lock) _tally.Failures++;
    }

    private void End(PendingGet get, bool fromBackend)
    {
        lock (_lock)
        {
            _tally.Gets++;
            _tally.BackendReads += fromBackend ? 1 : 0;
            _tally.Latency.Record((long)Stopwatch.GetElapsedTime(get.Began).TotalNanoseconds);
        }
    }
}
