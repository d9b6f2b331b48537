using CacheOperator.Topology;

namespace CacheOperator.Proxy.WarmUp;

/// <summary>What the topology assigned to this proxy, from its first connection to its outcome.</summary>
internal abstract class AssignedWork(string id, TimeProvider time, CopyLog log)
{
    public CopyStatus Status => Progress.Status;

    protected CopyProgress Progress { get; } = new(id, time);

    protected TimeProvider Time { get; } = time;

    protected CopyLog Log { get; } = log;

    /// <summary>Runs it to its end, whatever that is; the outcome is in <see cref="Status"/>. Only a stop leaves it Running.</summary>
    public async Task RunAsync(CancellationToken stopped)
    {
        try
        {
            Log.Succeeded(id, await DoAsync(stopped));
        }
        catch (OperationCanceledException) when (stopped.IsCancellationRequested)
        {
            Log.Stopped(id);
        }
        catch (CopyException e)
        {
            Progress.Fail(e.Message);
            Log.Failed(id, e.Message, e.InnerException);
        }
        catch (Exception e)
        {
            // Nothing that goes wrong here may reach the proxy around it.
            Progress.Fail($"internal error: {e.Message}");
            Log.Failed(id, e.Message, e);
        }
    }

    /// <summary>Does it, and returns the last status.</summary>
    protected abstract Task<CopyStatus> DoAsync(CancellationToken stopped);
}
