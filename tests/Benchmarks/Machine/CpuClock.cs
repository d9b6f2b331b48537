using System.ComponentModel;
using System.Runtime.InteropServices;

namespace CacheOperator.Benchmarks.Machine;

/// <summary>CPU time to the nanosecond; <c>/proc/PID/stat</c> counts in steps of 10 ms.</summary>
internal static partial class CpuClock
{
    private const int ThisThread = 3;
    private const int SchedulerClock = 2;

    /// <summary>User and system time of all threads of a process, in nanoseconds.</summary>
    public static long OfProcess(int processId) => Read((~processId << 3) | SchedulerClock);

    /// <summary>The same of the thread that calls.</summary>
    public static long OfThisThread() => Read(ThisThread);

    private static long Read(int clock) =>
        clock_gettime(clock, out var time) == 0
            ? (time.Seconds * 1_000_000_000) + time.Nanoseconds
            : throw new Win32Exception(Marshal.GetLastPInvokeError(), "cannot read the CPU time of a process: has it ended?");

    [LibraryImport("libc", SetLastError = true)]
    private static partial int clock_gettime(int clock, out TimeSpec time);

    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
