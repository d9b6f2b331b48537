using System.Net;
using System.Net.Sockets;
using CacheOperator.Benchmarks.Load;

namespace CacheOperator.Benchmarks.Idle;

/// <summary>Connections that were used once and then stay.</summary>
internal sealed class IdleClients : IDisposable
{
    private const int TimeoutMilliseconds = 5000;
    private readonly List<Socket> _sockets = [];

    /// <exception cref="LoadFailureException">One of them got no answer.</exception>
    public static IdleClients Connect(IPEndPoint endPoint, int count)
    {
        var clients = new IdleClients();
        try
        {
            while (clients._sockets.Count < count) clients.ConnectOne(endPoint);
            return clients;
        }
        catch
        {
            clients.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var socket in _sockets) socket.Dispose();
    }

    private void ConnectOne(IPEndPoint endPoint)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = TimeoutMilliseconds };
        _sockets.Add(socket);
        socket.Connect(endPoint);
        socket.Send("get nothing\r\n"u8);
        var checker = default(ReplyChecker);
        Span<byte> buffer = stackalloc byte[64];
        int received;
        do
        {
            received = socket.Receive(buffer);
            if (received == 0) throw new LoadFailureException($"client {_sockets.Count} was not served: the connection was closed");
        }
        while (!checker.Accept(buffer[..received], "END\r\n"u8));
    }
}
