using System.Net.Sockets;

namespace CacheOperator.Proxy.Net;

/// <summary>Has the kernel find peers that vanished without a word, whether or not there is something to send to them.</summary>
internal static class DeadPeers
{
    private const int Probes = 3;

    /// <param name="socket">A connection, or a listener whose connections inherit it.</param>
    /// <param name="timeout">Silence, or data that is not taken, for longer than this ends the connection. Whole seconds, at least 6.</param>
    public static void Detect(Socket socket, TimeSpan timeout)
    {
        var seconds = (int)timeout.TotalSeconds;
        var interval = seconds / (2 * Probes);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, seconds - (Probes * interval));
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, interval);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, Probes);
        LimitDelivery(socket, TimeSpan.FromSeconds(seconds));
    }

    /// <summary>
    /// What the peer has not taken for so long it never gets. That holds for a closed socket, too: the kernel goes on sending what
    /// was written to it, for a minute or more, and the peer would act upon it whenever the network is back.
    /// </summary>
    public static void LimitDelivery(Socket socket, TimeSpan timeout) =>
        socket.Set(TcpOption.UserTimeout, (int)timeout.TotalMilliseconds);
}
