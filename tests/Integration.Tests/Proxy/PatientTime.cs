namespace CacheOperator.Integration.Tests.Proxy;

/// <summary>A clock by which waits of one length last until <see cref="Pass"/>.</summary>
internal sealed class PatientTime(TimeSpan wait) : TimeProvider
{
    private readonly List<(TimerCallback Callback, object? State)> _waiting = [];
    private readonly Lock _lock = new();

    /// <summary>How many such waits have begun.</summary>
    public int Waits { get; private set; }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime != wait) return base.CreateTimer(callback, state, dueTime, period);
        lock (_lock)
        {
            Waits++;
            _waiting.Add((callback, state));
        }

        return base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Ends the waits that there are.</summary>
    /// <returns>Whether the task is over.</returns>
    public bool Pass(Task task)
    {
        (TimerCallback Callback, object? State)[] waiting;
        lock (_lock)
        {
            waiting = [.. _waiting];
            _waiting.Clear();
        }

        // What waited may go on at once, and wait again.
        foreach (var (callback, state) in waiting) callback(state);
        return task.IsCompleted;
    }
}
