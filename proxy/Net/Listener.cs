using System.Net;
using System.Net.Sockets;

namespace CacheOperator.Proxy.Net;

/// <summary>Accepts connections on one event loop. Several loops may listen at one address: the kernel spreads the clients.</summary>
internal sealed class Listener : IEventHandler, IDisposable
{
    private const int SocketLevel = 1;
    private const int ReusePort = 15;
    private const int Backlog = 4096;
    private const int RetryDelay = 100;
    private const int MostAtATime = 64;

    private readonly EventLoop _loop;
    private readonly Action<Socket> _accept;
    private readonly Action<SocketException> _onError;
    private readonly LoopTimer _retry;
    private readonly DescriptorReserve _reserve = new();
    private readonly Socket _socket;
    private readonly int _fd;
    private bool _isFailing;
    private bool _isClosed;

    /// <summary>Listens; connections are accepted from <see cref="Start"/> on.</summary>
    /// <param name="loop">Calls back.</param>
    /// <param name="endPoint">Port 0 takes a free one.</param>
    /// <param name="deadPeerTimeout">See <see cref="DeadPeers"/>.</param>
    /// <param name="accept">Gets each connection, non-blocking.</param>
    /// <param name="onError">
    /// Told when connections cannot be accepted any more, for want of descriptors above all. It is tried again until it goes on.
    /// </param>
    public Listener(EventLoop loop, IPEndPoint endPoint, TimeSpan deadPeerTimeout, Action<Socket> accept, Action<SocketException> onError)
    {
        (_loop, _accept, _onError) = (loop, accept, onError);
        _retry = new LoopTimer(loop, Resume);
        _socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
        try
        {
            // Connections inherit these from their listener: no system calls for each of them.
            _socket.NoDelay = true;
            DeadPeers.Detect(_socket, deadPeerTimeout);
            _socket.SetRawSocketOption(SocketLevel, ReusePort, BitConverter.GetBytes(1));
            _socket.Bind(endPoint);
            _socket.Listen(Backlog);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }

        _fd = (int)_socket.Handle;
        EndPoint = (IPEndPoint)_socket.LocalEndPoint!;
    }

    public IPEndPoint EndPoint { get; }

    public void Start()
    {
        _reserve.TryTake();
        _loop.Register(_fd, this, Readiness.Readable);
    }

    public void OnReady(Readiness readiness)
    {
        try
        {
            // Many at a time: an iteration takes long when many clients come.
            var count = 0;
            do
            {
                var socket = _socket.Accept();
                socket.Blocking = false;
                _isFailing = false;
                _accept(socket);
            }
            while (++count < MostAtATime && !_isClosed && _socket.Poll(0, SelectMode.SelectRead));
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.ConnectionAborted)
        {
        }
        catch (SocketException e)
        {
            if (!_isFailing) _onError(e);
            _isFailing = true;
            _loop.ChangeInterest(_fd, Readiness.None);
            _reserve.Release();
            _retry.Arm(RetryDelay);
        }
    }

    public void OnFault(Exception exception)
    {
    }

    public void Dispose()
    {
        if (_isClosed) return;
        _isClosed = true;
        _retry.Disarm();
        _loop.Unregister(_fd);
        _socket.Dispose();
        _reserve.Dispose();
    }

    private void Resume()
    {
        if (_reserve.TryTake()) _loop.ChangeInterest(_fd, Readiness.Readable);
        else _retry.Arm(RetryDelay);
    }
}
