using System.Net;
using System.Net.Sockets;
using CacheOperator.Proxy.Net;

namespace CacheOperator.Proxy.Tests.Net;

public sealed class SendQueueTests
{
    private const int Limit = 64 << 10;
    private const int SystemBuffer = 2 << 20;

    [Fact]
    public void The_system_keeps_little_of_what_a_peer_does_not_take()
    {
        Assert.InRange(Written(socket => SendQueue.Limit(socket, Limit)), Limit, 10 * Limit);
        Assert.True(Written(_ => { }) > 20 * Limit);
    }

    // What can be written to a peer that reads nothing.
    private static long Written(Action<Socket> prepare)
    {
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        using var peer = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4 << 10 };
        peer.Connect(listener.LocalEndPoint!);
        using var socket = listener.Accept();
        socket.SendBufferSize = SystemBuffer;
        socket.Blocking = false;
        prepare(socket);
        var piece = new byte[8 << 10];
        var written = 0L;
        for (var error = SocketError.Success; error == SocketError.Success && written < 2 * SystemBuffer;)
        {
            written += socket.Send(piece, SocketFlags.None, out error);
        }

        return written;
    }
}
