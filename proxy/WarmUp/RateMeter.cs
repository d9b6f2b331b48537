namespace CacheOperator.Proxy.WarmUp;

/// <summary>Average growth of a count over the last seconds. Not for several threads at once.</summary>
internal sealed class RateMeter(TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);

    private readonly Queue<(long At, long Count)> _samples = new([(time.GetTimestamp(), 0)]);
    private long _lastSampled = time.GetTimestamp();

    /// <summary>Takes in the present count; returns what it grows by a second.</summary>
    public long Update(long count)
    {
        var now = time.GetTimestamp();
        var (at, before) = _samples.Peek();
        var elapsed = time.GetElapsedTime(at, now);
        if (time.GetElapsedTime(_lastSampled, now) >= Step)
        {
            _lastSampled = now;
            _samples.Enqueue((now, count));
            while (_samples.Count > 1 && time.GetElapsedTime(_samples.Peek().At, now) > Window)
                _samples.Dequeue();
        }

        return elapsed > TimeSpan.Zero ? (long)((count - before) / elapsed.TotalSeconds) : 0;
    }
}
