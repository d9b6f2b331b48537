using System.Net;
using System.Net.Sockets;

namespace CacheOperator.Proxy.Net;

/// <summary>A non-blocking socket, while it is open, and what an <see cref="EventLoop"/> waits for on it.</summary>
/// <param name="loop">Who waits.</param>
internal struct PolledSocket(EventLoop loop)
{
    private Socket? _socket;
    private int _fd;
    private Readiness _interest;

    public readonly bool IsOpen => _socket is not null;

    /// <summary>This side's address, while it is open.</summary>
    public readonly IPEndPoint LocalEndPoint => (IPEndPoint)_socket!.LocalEndPoint!;

    /// <param name="socket">Owned from now on.</param>
    /// <param name="handler">Whom the loop tells.</param>
    /// <param name="interest">Of what.</param>
    public void Open(Socket socket, IEventHandler handler, Readiness interest)
    {
        (_socket, _fd, _interest) = (socket, (int)socket.Handle, interest);
        loop.Register(_fd, handler, interest);
    }

    /// <returns>What was open: it is the caller's to dispose of.</returns>
    public Socket Release()
    {
        var socket = _socket!;
        loop.Unregister(_fd);
        _socket = null;
        return socket;
    }

    public readonly bool Awaits(Readiness readiness) => (_interest & readiness) != 0;

    public void Await(Readiness interest)
    {
        if (interest == _interest) return;
        _interest = interest;
        loop.ChangeInterest(_fd, interest);
    }

    /// <summary>Whether it is ready, whatever the loop has come to.</summary>
    public readonly bool IsReady(SelectMode mode) => _socket!.Poll(0, mode);

    /// <summary>How its connect has ended.</summary>
    public readonly SocketError ConnectResult() => (SocketError)(int)_socket!.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;

    public readonly int Receive(Span<byte> buffer, out SocketError error) => _socket!.Receive(buffer, SocketFlags.None, out error);

    /// <summary>Offers the beginning of an output to the peer, as much as one system call takes.</summary>
    public readonly int Send(OutputBuffer output, out SocketError error)
    {
        if (!output.IsChain) return _socket!.Send(output.Head, SocketFlags.None, out error);
        var pieces = loop.Pieces;
        output.Gather(pieces, EventLoop.MaxPieces);
        var sent = _socket!.Send(pieces, SocketFlags.None, out error);
        pieces.Clear();
        return sent;
    }
}
