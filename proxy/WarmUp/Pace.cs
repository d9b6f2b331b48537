namespace CacheOperator.Proxy.WarmUp;

/// <summary>Keeps the average below a number of bytes and of items a second, and leaves the source's clients their turns. One caller at a time.</summary>
/// <param name="bytesPerSecond">0 for no bound.</param>
/// <param name="itemsPerSecond">0 for no bound.</param>
/// <param name="share">Which part of its largest lots it may ask for; null: all.</param>
/// <param name="time">Clock that it goes by.</param>
internal sealed class Pace(long bytesPerSecond, long itemsPerSecond, LotShare? share, TimeProvider time)
{
    /// <summary>After each lot, while clients use the source. Many short rests disturb them less than few long ones, which take larger lots for the same pace.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(0.25);

    private long _paidUntil = time.GetTimestamp();

    /// <summary>Which part of its largest lots may be asked for; less than 1: one at a time, with rests.</summary>
    public double Share => share?.Invoke() ?? 1;

    /// <summary>Spends items and their bytes; returns how long to wait before, until those spent earlier are paid for.</summary>
    public TimeSpan Spend(long items, long bytes)
    {
        var now = time.GetTimestamp();
        var wait = _paidUntil > now ? time.GetElapsedTime(now, _paidUntil) : TimeSpan.Zero;
        var seconds = Math.Max(Price(bytes, bytesPerSecond), Price(items, itemsPerSecond));
        _paidUntil = Math.Max(now, _paidUntil) + (long)(seconds * time.TimestampFrequency);
        return Share < 1 && wait < Rest ? Rest : wait;
    }

    /// <summary>The same, and waits: by the clock of tasks, which knows only whole milliseconds.</summary>
    public Task SpendAsync(long items, long bytes, CancellationToken stopped) =>
        Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(Spend(items, bytes).TotalMilliseconds)), time, stopped);

    private static double Price(long amount, long perSecond) => perSecond == 0 ? 0 : (double)amount / perSecond;
}
