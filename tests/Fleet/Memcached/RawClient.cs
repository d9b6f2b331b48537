using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CacheOperator.Fleet.Memcached;

/// <summary>A client that sends and receives exactly the bytes that a test names (as Latin-1 text).</summary>
internal sealed class RawClient : IDisposable
{
    /// <summary>For what takes a moment, on a machine that may be very busy.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Socket _socket;
    private byte[] _received = new byte[64 << 10];
    private int _start;
    private int _end;

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

    public async Task<Dictionary<string, string>> StatsAsync(CancellationToken cancellationToken) =>
        (await AskAsync("stats\r\n", "END\r\n", cancellationToken)).Split("\r\n")
            .Where(line => line.StartsWith("STAT ", StringComparison.Ordinal))
            .Select(line => line.Split(' ', 3))
            .ToDictionary(words => words[1], words => words[2]);

    /// <summary>Takes one line, without its end.</summary>
    public async Task<string> ReadLineAsync(CancellationToken cancellationToken) => (await ReadUntilAsync("\n", cancellationToken)).TrimEnd('\r', '\n');

    public async Task<string> ReadUntilAsync(string end, CancellationToken cancellationToken)
    {
        var mark = Encoding.Latin1.GetBytes(end);
        int at;
        while ((at = _received.AsSpan(_start.._end).IndexOf(mark)) < 0) await ReceiveAsync(cancellationToken);
        return Take(at + mark.Length);
    }

    public async Task<string> ReadAsync(int length, CancellationToken cancellationToken)
    {
        while (_end - _start < length) await ReceiveAsync(cancellationToken);
        return Take(length);
    }

    /// <summary>Takes everything until the peer closes.</summary>
    public async Task<string> ReadToEndAsync(CancellationToken cancellationToken)
    {
        while (await TryReceiveAsync(cancellationToken))
        {
        }

        return Take(_end - _start);
    }

    public void EndInput() => _socket.Shutdown(SocketShutdown.Send);

    public void Dispose() => _socket.Dispose();

    private string Received => Encoding.Latin1.GetString(_received, _start, _end - _start);

    private async Task ReceiveAsync(CancellationToken cancellationToken)
    {
        if (!await TryReceiveAsync(cancellationToken)) throw new IOException($"the peer closed the connection after: {Received}");
    }

    private async Task<bool> TryReceiveAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        MakeRoom();
        int count;
        try
        {
            count = await _socket.ReceiveAsync(_received.AsMemory(_end), patience.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"no more bytes within {Patience.TotalSeconds} s after: {Received}");
        }

        _end += count;
        return count > 0;
    }

    private void MakeRoom()
    {
        _received.AsSpan(_start.._end).CopyTo(_received);
        (_start, _end) = (0, _end - _start);
        if (_end == _received.Length) Array.Resize(ref _received, 2 * _received.Length);
    }

    private string Take(int length)
    {
        var text = Encoding.Latin1.GetString(_received, _start, length);
        _start += length;
        return text;
    }
}
