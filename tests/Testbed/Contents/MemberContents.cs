using System.Globalization;
using System.Net.Sockets;
using System.Text;
using CacheOperator.Topology;

namespace CacheOperator.Testbed.Contents;

/// <summary>Reads everything that one memcached holds for clients, past the proxies and without touching its LRU.</summary>
public static class MemberContents
{
    private const int BatchSize = 500;
    private static readonly TimeSpan BusyWait = TimeSpan.FromMilliseconds(200);

    /// <param name="endpoint">The member's <c>host:port</c>.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<IReadOnlyDictionary<string, CachedItem>> ReadAsync(string endpoint, CancellationToken cancellationToken)
    {
        var colon = endpoint.LastIndexOf(':');
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(endpoint[..colon], int.Parse(endpoint.AsSpan(colon + 1), CultureInfo.InvariantCulture), cancellationToken);
        await using var stream = client.GetStream();
        var replies = new ReplyReader(stream);

        Dictionary<string, long>? expiries;
        while ((expiries = await ListAsync(stream, replies, cancellationToken)) is null) await Task.Delay(BusyWait, cancellationToken);

        var items = new Dictionary<string, CachedItem>(expiries.Count);
        foreach (var batch in expiries.Chunk(BatchSize))
        {
            var request = string.Concat(batch.Select(entry => $"mg {entry.Key} v f c u\r\n"));
            await stream.WriteAsync(Encoding.UTF8.GetBytes(request), cancellationToken);
            foreach (var (key, expiry) in batch)
            {
                if (await ReadItemAsync(replies, expiry, cancellationToken) is { } item) items[key] = item;
            }
        }

        return items;
    }

    /// <summary>Keys and expiries; null when the member's one crawler is at work for someone else, such as a warm-up.</summary>
    private static async Task<Dictionary<string, long>?> ListAsync(Stream stream, ReplyReader replies, CancellationToken cancellationToken)
    {
        await stream.WriteAsync("lru_crawler metadump hash\r\n"u8.ToArray(), cancellationToken);
        var expiries = new Dictionary<string, long>();
        for (string line; (line = await replies.ReadLineAsync(cancellationToken)) != "END";)
        {
            if (line.StartsWith("BUSY", StringComparison.Ordinal)) return null;
            if (!line.StartsWith("key=", StringComparison.Ordinal)) throw new InvalidDataException($"lru_crawler metadump answered: {line}");
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(f => f.Split('=', 2)).ToDictionary(f => f[0], f => f[^1]);
            expiries[Uri.UnescapeDataString(fields["key"])] = long.Parse(fields["exp"], CultureInfo.InvariantCulture);
        }

        expiries.Remove(ReservedKey.Text);
        return expiries;
    }

    private static async Task<CachedItem?> ReadItemAsync(ReplyReader replies, long expiry, CancellationToken cancellationToken)
    {
        var line = await replies.ReadLineAsync(cancellationToken);
        var words = line.Split(' ');
        if (words[0] == "EN") return null; // gone since the listing
        if (words[0] != "VA") throw new InvalidDataException($"mg answered: {line}");
        var length = int.Parse(words[1], CultureInfo.InvariantCulture);
        return new CachedItem(expiry, Flag(words, 'c'), (uint)Flag(words, 'f'), length, await replies.HashValueAsync(length, cancellationToken));
    }

    private static ulong Flag(string[] words, char name) =>
        ulong.Parse(words.Skip(2).Single(word => word[0] == name).AsSpan(1), CultureInfo.InvariantCulture);
}
