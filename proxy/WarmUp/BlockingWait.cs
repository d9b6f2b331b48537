namespace CacheOperator.Proxy.WarmUp;

/// <summary>Waits on a thread that blocks.</summary>
internal static class BlockingWait
{
    /// <exception cref="OperationCanceledException">It is to stop; what is left of the time is not waited for.</exception>
    public static void Wait(this CancellationToken stopped, TimeSpan time)
    {
        if (stopped.WaitHandle.WaitOne(time))
            throw new OperationCanceledException(stopped);
    }
}
