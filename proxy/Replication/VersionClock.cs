namespace CacheOperator.Proxy.Replication;

/// <summary>
/// Hybrid logical clock: gives every write a version that is unique among the proxies, higher than every one given
/// before, and higher than every one seen on the members. Shared by all event loops.
/// </summary>
internal sealed class VersionClock(TimeProvider time)
{
    // A version from further ahead is no proxy's: following it would leave the clock there for good.
    private static readonly TimeSpan MaxLead = TimeSpan.FromHours(24);

    // Milliseconds and counter as one number, so that a full counter carries into the milliseconds.
    private long _last;
    private volatile int _number;

    /// <summary>This proxy's number, 0..1023.</summary>
    public int Number
    {
        get => _number;
        set => _number = value & ItemVersion.MaxNumber;
    }

    public ulong Next()
    {
        while (true)
        {
            var last = Volatile.Read(ref _last);
            var next = Math.Max(last + 1, Milliseconds() << (ItemVersion.MillisecondsShift - ItemVersion.CounterShift));
            if (Interlocked.CompareExchange(ref _last, next, last) == last)
                return ((ulong)next << ItemVersion.CounterShift) | ((ulong)_number << ItemVersion.NumberShift);
        }
    }

    /// <summary>Makes every later version higher than this one.</summary>
    public void Observe(ulong version)
    {
        var seen = (long)(version >> ItemVersion.CounterShift);
        var last = Volatile.Read(ref _last);
        if (seen <= last) return;
        var limit = (Milliseconds() + (long)MaxLead.TotalMilliseconds) << (ItemVersion.MillisecondsShift - ItemVersion.CounterShift);
        if (seen > limit) return;
        while (seen > last)
        {
            var found = Interlocked.CompareExchange(ref _last, seen, last);
            if (found == last) return;
            last = found;
        }
    }

    private long Milliseconds() => Math.Max(0, (long)(time.GetUtcNow() - ItemVersion.Origin).TotalMilliseconds);
}
