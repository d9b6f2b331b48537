namespace CacheOperator.Consistency.Reporting;

/// <summary>Microseconds since the run began: one clock for all clients, faults and decisions.</summary>
internal sealed class RunClock(TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();

    /// <summary>When the run began, for comparison with the proxies' logs.</summary>
    public DateTimeOffset Start { get; } = time.GetUtcNow();

    public long Now => (long)time.GetElapsedTime(_start).TotalMicroseconds;

    /// <summary>A moment as reports show it: seconds.</summary>
    public static string Show(long moment) => moment == long.MaxValue ? "?" : $"{moment / 1e6:0.000000}";
}
