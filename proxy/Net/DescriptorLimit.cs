using System.ComponentModel;
using System.Runtime.InteropServices;

namespace CacheOperator.Proxy.Net;

/// <summary>How many files and sockets this process may have open.</summary>
internal static partial class DescriptorLimit
{
    private const int OpenFiles = 7;

    /// <summary>Raises the limit as far as the system lets this process: to the hard limit.</summary>
    /// <returns>The limit from now on.</returns>
    /// <exception cref="Win32Exception">It can neither be raised nor read.</exception>
    public static long Raise()
    {
        if (getrlimit(OpenFiles, out var limit) != 0) throw new Win32Exception(Marshal.GetLastPInvokeError(), "getrlimit failed");
        var raised = limit with { Soft = limit.Hard };
        if (setrlimit(OpenFiles, raised) == 0) limit = raised;
        return (long)Math.Min(limit.Soft, long.MaxValue);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getrlimit(int resource, out Limit limit);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setrlimit(int resource, in Limit limit);

    /// <summary>The kernel's <c>struct rlimit</c>.</summary>
    private record struct Limit(ulong Soft, ulong Hard);
}
