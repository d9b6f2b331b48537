namespace CacheOperator.Operator.Runtime.Reconciling;

/// <summary>How a reconcile went and when to come again.</summary>
internal sealed record ReconciliationResult
{
    private ReconciliationResult(bool isSuccess, string? message, Exception? error, TimeSpan? requeueAfter)
    {
        IsSuccess = isSuccess;
        Message = message;
        Error = error;
        RequeueAfter = requeueAfter;
    }

    public bool IsSuccess { get; }

    public string? Message { get; }

    public Exception? Error { get; }

    /// <summary>When to come again without being asked; null: on the next change, the next resync, or after the backoff of a failure.</summary>
    public TimeSpan? RequeueAfter { get; }

    /// <summary>Everything that could be done was done.</summary>
    /// <param name="requeueAfter">Come again after this, for what is waited for without an event (a deadline, a poll).</param>
    public static ReconciliationResult Success(TimeSpan? requeueAfter = null) => new(true, null, null, requeueAfter);

    /// <summary>Something is in the way. Logged once, and tried again.</summary>
    /// <param name="requeueAfter">When; else with the key's exponential backoff.</param>
    public static ReconciliationResult Failure(string message, Exception? error = null, TimeSpan? requeueAfter = null) =>
        new(false, message, error, requeueAfter);
}
