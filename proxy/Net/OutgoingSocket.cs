using System.Net;
using System.Net.Sockets;

namespace CacheOperator.Proxy.Net;

/// <summary>Begins connections to others.</summary>
internal static class OutgoingSocket
{
    /// <param name="endPoint">To whom.</param>
    /// <param name="deadPeerTimeout">See <see cref="DeadPeers"/>.</param>
    /// <returns>A non-blocking socket whose connect is under way; null when it has failed at once.</returns>
    public static Socket? Connect(IPEndPoint endPoint, TimeSpan deadPeerTimeout)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Blocking = false;
            socket.NoDelay = true;
            DeadPeers.Detect(socket, deadPeerTimeout);
            socket.Connect(endPoint);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }

        return socket;
    }
}
