using System.Net.Sockets;

namespace CacheOperator.Proxy.Net;

/// <summary>Sets a <see cref="TcpOption"/>.</summary>
internal static class TcpOptions
{
    private const int TcpLevel = 6;

    public static void Set(this Socket socket, TcpOption option, int value) =>
        socket.SetRawSocketOption(TcpLevel, (int)option, BitConverter.GetBytes(value));
}
