using System.ComponentModel;
using System.Runtime.InteropServices;

namespace CacheOperator.Proxy.Net;

/// <summary>An eventfd: any thread makes it readable, the loop's thread resets it.</summary>
internal sealed partial class WakeUp : IDisposable
{
    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;

    public WakeUp()
    {
        Handle = eventfd(0, CloseOnExec | NonBlocking);
        if (Handle < 0) throw new Win32Exception(Marshal.GetLastPInvokeError(), "eventfd failed");
    }

    public int Handle { get; }

    public void Set() => _ = eventfd_write(Handle, 1);

    public void Reset() => _ = eventfd_read(Handle, out _);

    public void Dispose() => _ = close(Handle);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int eventfd(uint initial, int flags);

    [LibraryImport("libc")]
    private static partial int eventfd_write(int fd, ulong value);

    [LibraryImport("libc")]
    private static partial int eventfd_read(int fd, out ulong value);

    [LibraryImport("libc")]
    private static partial int close(int fd);
}
