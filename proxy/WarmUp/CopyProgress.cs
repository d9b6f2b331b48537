using CacheOperator.Topology;

namespace CacheOperator.Proxy.WarmUp;

/// <summary>Counts what a copy does; any thread may count and ask.</summary>
internal sealed class CopyProgress(string id, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly RateMeter _rate = new(time);
    private CopyStatus _status = new() { Id = id, Phase = CopyPhase.Running, StartedAt = time.GetUtcNow() };

    public CopyStatus Status
    {
        get
        {
            lock (_lock)
                return _status.Phase == CopyPhase.Running ? _status with { ItemsPerSecond = _rate.Update(_status.Processed) } : _status;
        }
    }

    public void Begin(long total) => Change(status => status with { Total = total });

    public void AddProcessed(long items) => Change(status => status with { Processed = status.Processed + items });

    public void AddCopied(long items, long bytes) =>
        Change(status => status with { Copied = status.Copied + items, Bytes = status.Bytes + bytes });

    public void AddRevoked(long items) => Change(status => status with { Revoked = status.Revoked + items });

    public CopyStatus Succeed(long missing, string? remark) =>
        End(status => status with { Phase = CopyPhase.Succeeded, Missing = missing, Error = remark });

    public CopyStatus Fail(string error) => End(status => status with { Phase = CopyPhase.Failed, Error = error });

    private CopyStatus End(Func<CopyStatus, CopyStatus> change)
    {
        lock (_lock)
        {
            var seconds = (time.GetUtcNow() - _status.StartedAt).TotalSeconds;
            var overall = seconds > 0 ? (long)(_status.Processed / seconds) : 0;
            return _status = change(_status) with { FinishedAt = time.GetUtcNow(), ItemsPerSecond = overall };
        }
    }

    private void Change(Func<CopyStatus, CopyStatus> change)
    {
        lock (_lock)
        {
            _status = change(_status);
            _rate.Update(_status.Processed);
        }
    }
}
