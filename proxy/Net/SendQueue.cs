using System.Net.Sockets;

namespace CacheOperator.Proxy.Net;

/// <summary>What the system keeps of what was written to a connection and cannot be sent yet.</summary>
internal static class SendQueue
{
    /// <summary>Has writes come back when more than this is unsent. What has been sent and not acknowledged does not count.</summary>
    /// <param name="socket">A TCP socket.</param>
    /// <param name="size">Bytes.</param>
    public static void Limit(Socket socket, int size) => socket.Set(TcpOption.NotSentLowWaterMark, size);
}
