namespace CacheOperator.Proxy.Hints;

/// <summary>How long a member has lacked writes, and the attempts to make up for them. For one caller at a time.</summary>
internal sealed class HintWatch(TimeProvider time)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);

    private long _since = time.GetTimestamp();
    private long _began;
    private Task<bool>? _attempt;

    /// <summary>How long the oldest of the missed writes may have been lacking.</summary>
    public TimeSpan Age => time.GetElapsedTime(_since);

    /// <summary>Whether it was said that they are given up.</summary>
    public bool IsGivenUp { get; set; }

    /// <summary>The attempt under way.</summary>
    public Task Attempt => _attempt ?? Task.CompletedTask;

    /// <summary>Whether it is time for an attempt.</summary>
    public bool IsDue => _attempt is null || (_attempt.IsCompleted && time.GetElapsedTime(_began) >= RetryDelay);

    /// <summary>All that was missed before a successful attempt is made up for: what is left is younger than that.</summary>
    public void Update()
    {
        if (_attempt is { IsCompletedSuccessfully: true, Result: true }) (_since, _attempt) = (_began, null);
    }

    /// <param name="attempt">Tells whether it made up for all that was missed when it began.</param>
    public void Begin(Func<Task<bool>> attempt)
    {
        _began = time.GetTimestamp();
        _attempt = Task.Run(attempt);
    }
}
