using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CacheOperator.Integration.Tests.Proxy;

/// <summary>Many connections that send one text over and over, or once, and read nothing of the answers. Those that are closed come again.</summary>
internal sealed class HostileClients : IAsyncDisposable
{
    private const int SmallBuffer = 4 << 10;

    private readonly IPEndPoint _endPoint;
    private readonly byte[] _text;
    private readonly bool _once;
    private readonly (Socket Socket, int Sent)[] _clients;
    private readonly Thread _thread;
    private volatile bool _stopping;
    private long _closed;

    /// <param name="endPoint">The proxy.</param>
    /// <param name="count">How many.</param>
    /// <param name="text">What they send.</param>
    /// <param name="once">They fall silent afterwards.</param>
    public HostileClients(IPEndPoint endPoint, int count, string text, bool once = false)
    {
        (_endPoint, _text, _once) = (endPoint, Encoding.Latin1.GetBytes(text), once);
        _clients = [.. Enumerable.Range(0, count).Select(_ => (Connect(), 0))];
        _thread = new Thread(Run) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>How often the proxy has closed one of them.</summary>
    public long Closed => Interlocked.Read(ref _closed);

    public async ValueTask DisposeAsync()
    {
        _stopping = true;
        await Task.Run(_thread.Join);
        foreach (var (socket, _) in _clients) socket.Dispose();
    }

    private void Run()
    {
        while (!_stopping)
        {
            for (var i = 0; i < _clients.Length && !_stopping; i++) Push(ref _clients[i]);
            Thread.Sleep(1);
        }
    }

    private void Push(ref (Socket Socket, int Sent) client)
    {
        if (client.Sent == _text.Length && _once && !IsClosed(client.Socket)) return;
        if (client.Sent == _text.Length) client.Sent = 0;
        var sent = client.Socket.Send(_text.AsSpan(client.Sent), SocketFlags.None, out var error);
        client.Sent += sent;
        if (error is SocketError.Success or SocketError.WouldBlock) return;
        Interlocked.Increment(ref _closed);
        client.Socket.Dispose();
        client = (Connect(), 0);
    }

    private static bool IsClosed(Socket socket) => socket.Poll(0, SelectMode.SelectError);

    private Socket Connect()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = SmallBuffer, SendBufferSize = 4 * SmallBuffer };
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                socket.Connect(_endPoint);
                socket.Blocking = false;
                return socket;
            }
            catch (SocketException) when (attempt < 10)
            {
                Thread.Sleep(10);
            }
        }
    }
}
