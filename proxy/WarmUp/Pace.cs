namespace CacheOperator.Proxy.WarmUp;

/// <summary>Keeps the average below a number of bytes and of items a second, and rests as much as the source needs. One caller at a time.</summary>
/// <param name="bytesPerSecond">0 for no bound.</param>
/// <param name="itemsPerSecond">0 for no bound.</param>
/// <param name="backoff">Which part of the time is left to it.</param>
/// <param name="time">Clock that it goes by.</param>
internal sealed class Pace(long bytesPerSecond, long itemsPerSecond, Backoff backoff, TimeProvider time)
{
    /// <summary>Nobody can wait for less.</summary>
    private static readonly TimeSpan ShortestRest = TimeSpan.FromMilliseconds(1);

    /// <summary>More work than this between two calls was not the copy's, or is forgiven.</summary>
    private static readonly TimeSpan LongestWork = TimeSpan.FromMilliseconds(50);

    private long _paidUntil = time.GetTimestamp();
    private long _worksSince = time.GetTimestamp();

    /// <summary>Spends items and their bytes; returns how long to wait before, until those spent earlier are paid for.</summary>
    public TimeSpan Spend(long items, long bytes)
    {
        var now = time.GetTimestamp();
        var wait = _paidUntil > now ? time.GetElapsedTime(now, _paidUntil) : TimeSpan.Zero;
        var seconds = Math.Max(Price(bytes, bytesPerSecond), Price(items, itemsPerSecond));
        _paidUntil = Math.Max(now, _paidUntil) + (long)(seconds * time.TimestampFrequency);
        var rest = Rest(now);
        wait = rest > wait ? rest : wait;
        if (wait >= ShortestRest)
            _worksSince = now + (long)(wait.TotalSeconds * time.TimestampFrequency);
        return wait;
    }

    private static double Price(long amount, long perSecond) => perSecond == 0 ? 0 : (double)amount / perSecond;

    private TimeSpan Rest(long now)
    {
        var share = backoff.Share;
        if (share >= 1)
            _worksSince = now;
        var worked = now > _worksSince ? time.GetElapsedTime(_worksSince, now) : TimeSpan.Zero;
        var rest = (worked < LongestWork ? worked : LongestWork) * ((1 / share) - 1);
        return rest >= ShortestRest ? rest : TimeSpan.Zero;
    }
}
