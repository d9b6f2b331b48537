namespace CacheOperator.Proxy.Members;

/// <summary>How long to wait before the next attempt to connect: twice as long after each that fails, and not all at the same moment.</summary>
/// <param name="jitter">Of the event loop.</param>
internal struct ReconnectDelay(Random jitter)
{
    private const int First = 50;
    private const int Longest = 2000;

    private int _failures;

    /// <summary>Begins anew.</summary>
    public void Reset() => _failures = 0;

    /// <summary>Another attempt has failed.</summary>
    /// <returns>Milliseconds.</returns>
    public long Next()
    {
        var delay = Math.Min(First << Math.Min(_failures++, 10), Longest);
        return (long)(delay * (0.75 + (jitter.NextDouble() / 2)));
    }
}
