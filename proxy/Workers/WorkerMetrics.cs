namespace CacheOperator.Proxy.Workers;

/// <summary>Counters of one event loop: written by its thread only, without synchronisation; read by any.</summary>
internal sealed class WorkerMetrics
{
    public long ConnectionsAccepted;
    public long Connections;
    public long ConnectionsRejected;
    public long AcceptFailures;
    public long IdleClientsClosed;
    public long SlowClientsClosed;
    public long Reads;
    public long Hits;
    public long FallbackReads;
    public long HedgedReads;
    public long Backfills;
    public long Touches;
    public long Flushes;
    public long Writes;
    public long MissedWrites;
    public long RefusedWrites;
    public long Errors;
    public long ClientErrors;
    public long BinaryClients;
    public long BytesRead;
    public long BytesWritten;

    public CommandCounters Commands { get; } = new();

    public LatencyHistogram Latency { get; } = new();

    public static WorkerMetrics Sum(IEnumerable<WorkerMetrics> parts)
    {
        var sum = new WorkerMetrics();
        foreach (var part in parts)
        {
            sum.ConnectionsAccepted += Volatile.Read(ref part.ConnectionsAccepted);
            sum.Connections += Volatile.Read(ref part.Connections);
            sum.ConnectionsRejected += Volatile.Read(ref part.ConnectionsRejected);
            sum.AcceptFailures += Volatile.Read(ref part.AcceptFailures);
            sum.IdleClientsClosed += Volatile.Read(ref part.IdleClientsClosed);
            sum.SlowClientsClosed += Volatile.Read(ref part.SlowClientsClosed);
            sum.Reads += Volatile.Read(ref part.Reads);
            sum.Hits += Volatile.Read(ref part.Hits);
            sum.FallbackReads += Volatile.Read(ref part.FallbackReads);
            sum.HedgedReads += Volatile.Read(ref part.HedgedReads);
            sum.Backfills += Volatile.Read(ref part.Backfills);
            sum.Touches += Volatile.Read(ref part.Touches);
            sum.Flushes += Volatile.Read(ref part.Flushes);
            sum.Writes += Volatile.Read(ref part.Writes);
            sum.MissedWrites += Volatile.Read(ref part.MissedWrites);
            sum.RefusedWrites += Volatile.Read(ref part.RefusedWrites);
            sum.Errors += Volatile.Read(ref part.Errors);
            sum.ClientErrors += Volatile.Read(ref part.ClientErrors);
            sum.BinaryClients += Volatile.Read(ref part.BinaryClients);
            sum.BytesRead += Volatile.Read(ref part.BytesRead);
            sum.BytesWritten += Volatile.Read(ref part.BytesWritten);
            sum.Commands.Add(part.Commands);
            sum.Latency.Add(part.Latency);
        }

        return sum;
    }
}
