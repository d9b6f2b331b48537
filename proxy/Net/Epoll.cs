using System.ComponentModel;
using System.Runtime.InteropServices;

namespace CacheOperator.Proxy.Net;

/// <summary>Level-triggered epoll. Every file descriptor carries 64 bits of the caller's choice.</summary>
internal sealed partial class Epoll : IDisposable
{
    private const int Capacity = 256;
    private const int CloseOnExec = 0x80000;
    private const int ErrorInterrupted = 4;

    // struct epoll_event is packed on x86-64 only.
    private static readonly int Stride = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private static readonly int DataOffset = Stride - sizeof(ulong);

    private readonly int _handle = Check(epoll_create1(CloseOnExec), "epoll_create1");
    private readonly byte[] _events = GC.AllocateArray<byte>(Capacity * Stride, pinned: true);

    private enum Operation
    {
        Add = 1,
        Remove = 2,
        Modify = 3,
    }

    public void Add(int fd, Readiness interest, ulong data) => Control(Operation.Add, fd, interest, data);

    public void Modify(int fd, Readiness interest, ulong data) => Control(Operation.Modify, fd, interest, data);

    public void Remove(int fd) => Control(Operation.Remove, fd, Readiness.None, 0);

    /// <param name="timeout">Milliseconds; -1 waits for ever.</param>
    /// <returns>How many events <see cref="Event"/> now gives.</returns>
    public int Wait(int timeout)
    {
        var count = epoll_wait(_handle, ref _events[0], Capacity, timeout);
        return count < 0 && Marshal.GetLastPInvokeError() == ErrorInterrupted ? 0 : Check(count, "epoll_wait");
    }

    public (Readiness Readiness, ulong Data) Event(int index)
    {
        var entry = _events.AsSpan(index * Stride, Stride);
        return (MemoryMarshal.Read<Readiness>(entry), MemoryMarshal.Read<ulong>(entry[DataOffset..]));
    }

    public void Dispose() => _ = close(_handle);

    private void Control(Operation operation, int fd, Readiness interest, ulong data)
    {
        Span<byte> entry = stackalloc byte[16];
        MemoryMarshal.Write(entry, interest);
        MemoryMarshal.Write(entry[DataOffset..], data);
        Check(epoll_ctl(_handle, (int)operation, fd, ref entry[0]), "epoll_ctl");
    }

    private static int Check(int result, string call) =>
        result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError(), $"{call} failed");

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_create1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_ctl(int epoll, int operation, int fd, ref byte @event);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_wait(int epoll, ref byte events, int capacity, int timeout);

    [LibraryImport("libc")]
    private static partial int close(int fd);
}
