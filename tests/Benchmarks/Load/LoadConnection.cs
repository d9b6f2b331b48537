using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using CacheOperator.Proxy.Net;

namespace CacheOperator.Benchmarks.Load;

/// <summary>A client: sends a batch, waits for all of its replies, sends the next.</summary>
internal sealed class LoadConnection : IDisposable
{
    private readonly Socket _socket;
    private readonly Epoll _epoll;
    private readonly RequestStream _stream;
    private readonly ulong _index;
    private ReplyChecker _checker;
    private int _batch;
    private int _sent;
    private bool _blocked;
    private long _sentAt;

    /// <param name="endPoint">Where to connect to.</param>
    /// <param name="epoll">Tells when to call <see cref="OnReady"/>.</param>
    /// <param name="stream">Its requests.</param>
    /// <param name="index">Under which <paramref name="epoll"/> knows it.</param>
    /// <param name="firstBatch">Where in the stream it begins.</param>
    public LoadConnection(IPEndPoint endPoint, Epoll epoll, RequestStream stream, int index, int firstBatch)
    {
        (_epoll, _stream, _index, _batch) = (epoll, stream, (ulong)index, firstBatch);
        _socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _socket.Connect(endPoint);
        _socket.Blocking = false;
        epoll.Add((int)_socket.Handle, Readiness.Readable, _index);
    }

    public int Gets => _stream.Gets(_batch);

    public int Sets => _stream.Sets(_batch);

    public void SendNext()
    {
        _batch = _batch + 1 == _stream.Batches ? 0 : _batch + 1;
        _checker.Restart();
        _sent = 0;
        _sentAt = Stopwatch.GetTimestamp();
        Send();
    }

    /// <returns>How long the batch took, in nanoseconds, once that is known; negative before.</returns>
    public long OnReady(Readiness readiness, byte[] buffer)
    {
        if ((readiness & Readiness.Writable) != 0) Send();
        if ((readiness & (Readiness.Readable | Readiness.Error | Readiness.HangUp)) == 0) return -1;
        var received = _socket.Receive(buffer, SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock) return -1;
        if (error != SocketError.Success || received == 0) throw new LoadFailureException(error == SocketError.Success ? "the connection was closed" : $"the connection broke: {error}");
        return _checker.Accept(buffer.AsSpan(0, received), _stream.Replies(_batch))
            ? (long)Stopwatch.GetElapsedTime(_sentAt).TotalNanoseconds
            : -1;
    }

    public void Dispose() => _socket.Dispose();

    private void Send()
    {
        var requests = _stream.Requests(_batch);
        while (_sent < requests.Length)
        {
            var count = _socket.Send(requests[_sent..], SocketFlags.None, out var error);
            if (error == SocketError.WouldBlock) break;
            if (error != SocketError.Success) throw new LoadFailureException($"the connection broke: {error}");
            _sent += count;
        }

        var blocked = _sent < requests.Length;
        if (blocked == _blocked) return;
        _blocked = blocked;
        _epoll.Modify((int)_socket.Handle, blocked ? Readiness.Readable | Readiness.Writable : Readiness.Readable, _index);
    }
}
