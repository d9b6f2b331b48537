using System.Diagnostics;
using System.Net;
using CacheOperator.Benchmarks.Machine;
using CacheOperator.Proxy.Net;

namespace CacheOperator.Benchmarks.Load;

/// <summary>
/// All clients of a workload on one thread and one epoll. Requests are prebuilt and replies compared as a whole, so that it costs little more than
/// its system calls: one send and one receive for each batch.
/// </summary>
internal sealed class LoadGenerator(IPEndPoint endPoint, RequestStream stream, int clients)
{
    private const int ReceiveBufferSize = 256 << 10;
    private const int Poll = 50;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(ReceiveBufferSize, pinned: true);
    private LatencyHistogram _latency = new();
    private long _gets;
    private long _sets;
    private int _busy;
    private long _lastReply;

    /// <summary>Runs on the calling thread: warm-up, interval, and then until every request is answered.</summary>
    /// <param name="warmUp">Not counted.</param>
    /// <param name="interval">The clocked interval.</param>
    /// <param name="readCpu">Called at both ends of the interval.</param>
    /// <exception cref="LoadFailureException">A wrong reply, none within five seconds, or a closed connection.</exception>
    public LoadResult Run(TimeSpan warmUp, TimeSpan interval, Func<CpuReading> readCpu)
    {
        using var epoll = new Epoll();
        var connections = new List<LoadConnection>(clients);
        try
        {
            for (var i = 0; i < clients; i++)
                connections.Add(new LoadConnection(endPoint, epoll, stream, i, (int)((long)i * stream.Batches / clients)));
            foreach (var connection in connections) connection.SendNext();
            (_busy, _lastReply) = (clients, Stopwatch.GetTimestamp());

            RunFor(warmUp, epoll, connections);
            var latency = _latency = new LatencyHistogram();
            var start = new Edge(Stopwatch.GetTimestamp(), _gets + _sets, readCpu(), CpuClock.OfThisThread());
            RunFor(interval, epoll, connections);
            var end = new Edge(Stopwatch.GetTimestamp(), _gets + _sets, readCpu(), CpuClock.OfThisThread());
            _latency = new LatencyHistogram();
            var elapsed = Stopwatch.GetElapsedTime(start.Timestamp, end.Timestamp);
            while (_busy > 0) RunOnce(epoll, connections, sendNext: false);
            return new LoadResult
            {
                Operations = end.Operations - start.Operations,
                Elapsed = elapsed,
                Cpu = end.Cpu - start.Cpu,
                GeneratorBusy = (end.OwnCpu - start.OwnCpu) / elapsed.TotalNanoseconds,
                Latency = latency,
                TotalGets = _gets,
                TotalSets = _sets,
            };
        }
        finally
        {
            foreach (var connection in connections) connection.Dispose();
        }
    }

    private void RunFor(TimeSpan time, Epoll epoll, List<LoadConnection> connections)
    {
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < time) RunOnce(epoll, connections, sendNext: true);
    }

    private void RunOnce(Epoll epoll, List<LoadConnection> connections, bool sendNext)
    {
        var count = epoll.Wait(Poll);
        for (var i = 0; i < count; i++)
        {
            var (readiness, index) = epoll.Event(i);
            var connection = connections[(int)index];
            var latency = connection.OnReady(readiness, _buffer);
            if (latency < 0) continue;
            _latency.Record(latency);
            _gets += connection.Gets;
            _sets += connection.Sets;
            if (sendNext) connection.SendNext();
            else _busy--;
        }

        if (count > 0) _lastReply = Stopwatch.GetTimestamp();
        else if (Stopwatch.GetElapsedTime(_lastReply) > Patience) throw new LoadFailureException($"no reply for {Patience.TotalSeconds:0} s");
    }

    private readonly record struct Edge(long Timestamp, long Operations, CpuReading Cpu, long OwnCpu);
}
