namespace CacheOperator.Operator.Runtime.Events;

/// <summary>A bucket of tokens for one object and reason: many at once, then one now and then.</summary>
internal sealed class EventBudget(DateTimeOffset now)
{
    private const int Burst = 25;
    private static readonly TimeSpan Refill = TimeSpan.FromSeconds(30);

    private double _tokens = Burst;
    private DateTimeOffset _last = now;

    /// <summary>When the budget was last asked.</summary>
    public DateTimeOffset Last => _last;

    public bool TryTake(DateTimeOffset now)
    {
        _tokens = Math.Min(Burst, _tokens + (now - _last) / Refill);
        _last = now;
        if (_tokens < 1)
            return false;
        _tokens--;
        return true;
    }
}
