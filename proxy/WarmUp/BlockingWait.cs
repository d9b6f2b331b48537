using System.Runtime.InteropServices;

namespace CacheOperator.Proxy.WarmUp;

/// <summary>Waits on a thread that blocks.</summary>
internal static partial class BlockingWait
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    /// <exception cref="OperationCanceledException">It is to stop; what is left of the time is not waited for.</exception>
    public static void Wait(this CancellationToken stopped, TimeSpan time)
    {
        if (time >= Tick)
            stopped.WaitHandle.WaitOne(time);
        else
            _ = usleep((uint)time.TotalMicroseconds); // .NET knows nothing shorter than its tick.
        stopped.ThrowIfCancellationRequested();
    }

    [LibraryImport("libc")]
    private static partial int usleep(uint microseconds);
}
