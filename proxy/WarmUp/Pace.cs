namespace CacheOperator.Proxy.WarmUp;

/// <summary>Keeps the average below a number of bytes a second. One caller at a time.</summary>
/// <param name="bytesPerSecond">0 for no bound.</param>
/// <param name="time">Clock that it waits by.</param>
internal sealed class Pace(long bytesPerSecond, TimeProvider time)
{
    private long _paidUntil = time.GetTimestamp();

    /// <summary>Waits until the bytes spent before are paid for, then spends some more.</summary>
    public async ValueTask SpendAsync(long bytes, CancellationToken cancellationToken)
    {
        if (bytesPerSecond == 0)
            return;
        var now = time.GetTimestamp();
        if (_paidUntil > now)
            await Task.Delay(time.GetElapsedTime(now, _paidUntil), time, cancellationToken);
        _paidUntil = Math.Max(now, _paidUntil) + (long)((double)bytes / bytesPerSecond * time.TimestampFrequency);
    }
}
