using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CacheOperator.Integration.Tests.Proxy;

/// <summary>A client that sends and receives exactly the bytes that a test names (as Latin-1 text).</summary>
internal sealed class RawClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly Socket _socket;
    private readonly StringBuilder _received = new();
    private readonly byte[] _buffer = new byte[64 << 10];

    private RawClient(Socket socket) => _socket = socket;

    public static async Task<RawClient> ConnectAsync(IPEndPoint endPoint, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(endPoint, cancellationToken);
        return new RawClient(socket);
    }

    public async Task SendAsync(string text, CancellationToken cancellationToken)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        for (var sent = 0; sent < bytes.Length;) sent += await _socket.SendAsync(bytes.AsMemory(sent), cancellationToken);
    }

    /// <summary>Sends and takes everything up to the first occurrence of a text.</summary>
    public async Task<string> AskAsync(string request, string end, CancellationToken cancellationToken)
    {
        await SendAsync(request, cancellationToken);
        return await ReadUntilAsync(end, cancellationToken);
    }

    /// <summary>Sends one command that is answered by one line.</summary>
    public async Task<string> LineAsync(string request, CancellationToken cancellationToken) => (await AskAsync(request, "\r\n", cancellationToken)).TrimEnd();

    /// <summary>Sends <c>get</c> for one key and takes its value, null for a miss.</summary>
    public async Task<string?> GetAsync(string key, CancellationToken cancellationToken)
    {
        var reply = await AskAsync($"get {key}\r\n", "END\r\n", cancellationToken);
        return reply == "END\r\n" ? null : reply[(reply.IndexOf('\n', StringComparison.Ordinal) + 1)..^"\r\nEND\r\n".Length];
    }

    public async Task<string> ReadUntilAsync(string end, CancellationToken cancellationToken)
    {
        int at;
        while ((at = _received.ToString().IndexOf(end, StringComparison.Ordinal)) < 0) await ReceiveAsync(cancellationToken);
        return Take(at + end.Length);
    }

    public async Task<string> ReadAsync(int length, CancellationToken cancellationToken)
    {
        while (_received.Length < length) await ReceiveAsync(cancellationToken);
        return Take(length);
    }

    /// <summary>Takes everything until the peer closes.</summary>
    public async Task<string> ReadToEndAsync(CancellationToken cancellationToken)
    {
        while (await TryReceiveAsync(cancellationToken))
        {
        }

        return Take(_received.Length);
    }

    public void EndInput() => _socket.Shutdown(SocketShutdown.Send);

    public void Dispose() => _socket.Dispose();

    private async Task ReceiveAsync(CancellationToken cancellationToken)
    {
        if (!await TryReceiveAsync(cancellationToken)) throw new IOException($"the proxy closed the connection after: {_received}");
    }

    private async Task<bool> TryReceiveAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        int count;
        try
        {
            count = await _socket.ReceiveAsync(_buffer, patience.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"no more bytes within {Patience.TotalSeconds} s after: {_received}");
        }

        _received.Append(Encoding.Latin1.GetString(_buffer, 0, count));
        return count > 0;
    }

    private string Take(int length)
    {
        var text = _received.ToString(0, length);
        _received.Remove(0, length);
        return text;
    }
}
