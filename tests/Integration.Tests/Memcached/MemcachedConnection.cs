using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CacheOperator.Integration.Tests.Memcached;

/// <summary>A connection that sends and shows bytes as they are. Text is Latin-1, so that every byte is a character.</summary>
internal sealed class MemcachedConnection : IAsyncDisposable
{
    private readonly TcpClient _client;
    private readonly BufferedStream _stream;
    private readonly CancellationToken _cancellationToken;

    private MemcachedConnection(TcpClient client, CancellationToken cancellationToken) =>
        (_client, _stream, _cancellationToken) = (client, new BufferedStream(client.GetStream(), 64 * 1024), cancellationToken);

    public static async Task<MemcachedConnection> OpenAsync(IPEndPoint endPoint, CancellationToken cancellationToken)
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(endPoint, cancellationToken);
        return new MemcachedConnection(client, cancellationToken);
    }

    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    public async Task SendAsync(byte[] bytes)
    {
        await _client.GetStream().WriteAsync(bytes, _cancellationToken);
    }

    /// <summary>Sends one command line, with or without data, and returns the first line of the reply.</summary>
    public async Task<string> AskAsync(string command)
    {
        await SendAsync(command + "\r\n");
        return await ReadLineAsync();
    }

    public async Task<string> ReadLineAsync()
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (true)
        {
            await _stream.ReadExactlyAsync(one, _cancellationToken);
            if (one[0] == '\n')
                return line.ToString().TrimEnd('\r');
            line.Append((char)one[0]);
        }
    }

    public async Task<byte[]> ReadBytesAsync(int count)
    {
        var bytes = new byte[count];
        await _stream.ReadExactlyAsync(bytes, _cancellationToken);
        return bytes;
    }

    /// <summary>Reads lines up to one that is or begins with <paramref name="end"/>.</summary>
    public async Task<List<string>> ReadUntilAsync(string end)
    {
        var lines = new List<string>();
        for (var line = await ReadLineAsync(); !line.StartsWith(end, StringComparison.Ordinal); line = await ReadLineAsync())
            lines.Add(line);
        return lines;
    }

    public async Task<Dictionary<string, string>> StatsAsync()
    {
        await SendAsync("stats\r\n");
        return (await ReadUntilAsync("END")).Select(line => line.Split(' ', 3)).ToDictionary(words => words[1], words => words[2]);
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _client.Dispose();
    }
}
