namespace CacheOperator.Proxy.Net;

/// <summary>A one-shot timer of an <see cref="EventLoop"/>. It can be armed again, which replaces the earlier time.</summary>
internal sealed class LoopTimer(EventLoop loop, Action callback)
{
    private const long Disarmed = long.MaxValue;
    private long _due = Disarmed;

    internal Action Callback { get; } = callback;

    /// <summary>By how many milliseconds the last expiry was late.</summary>
    public long Lateness { get; private set; }

    public bool IsArmed => _due != Disarmed;

    /// <param name="delay">Milliseconds from now.</param>
    public void Arm(long delay)
    {
        _due = loop.Now + Math.Max(delay, 0);
        loop.Enqueue(this, _due);
    }

    public void Disarm() => _due = Disarmed;

    /// <summary>Whether this is the time it was armed for last; it is disarmed then.</summary>
    internal bool Expire(long due)
    {
        if (due != _due) return false;
        Lateness = loop.Now - due;
        _due = Disarmed;
        return true;
    }
}
