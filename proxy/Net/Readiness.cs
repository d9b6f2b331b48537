namespace CacheOperator.Proxy.Net;

/// <summary>The events of epoll, with the kernel's values.</summary>
[Flags]
internal enum Readiness
{
    None = 0,
    Readable = 0x1,
    Writable = 0x4,
    Error = 0x8,
    HangUp = 0x10,
}
