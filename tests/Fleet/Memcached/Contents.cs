using System.Globalization;
using System.Net;
using System.Text;
using CacheOperator.Topology;

namespace CacheOperator.Fleet.Memcached;

/// <summary>Everything that a memcached holds for clients.</summary>
internal static class Contents
{
    private const int Batch = 500;

    /// <summary>Reads every item of a member at rest, by key (Latin-1).</summary>
    public static async Task<Dictionary<string, StoredItem>> ReadAsync(IPEndPoint member, CancellationToken cancellationToken)
    {
        var contents = new Dictionary<string, StoredItem>();
        foreach (var chunk in (await ListAsync(member, cancellationToken)).Chunk(Batch))
        {
            using var connection = await RawClient.ConnectAsync(member, cancellationToken);
            await connection.SendAsync(string.Concat(chunk.Select(entry => $"mg {NameOf(entry.Key)} v f c u k\r\n")), cancellationToken);
            foreach (var (key, expiry) in chunk)
            {
                var line = await connection.ReadLineAsync(cancellationToken);
                if (line.StartsWith("EN", StringComparison.Ordinal))
                    continue;
                var words = line.Split(' ');
                var value = (await connection.ReadAsync(int.Parse(words[1]) + 2, cancellationToken))[..^2];
                contents.Add(key, new StoredItem(value, uint.Parse(words[2][1..]), ulong.Parse(words[3][1..]), expiry, words[^1] == "b"));
            }
        }

        return contents;
    }

    /// <summary>Keys and expiries, as the crawler lists them.</summary>
    public static async Task<List<KeyValuePair<string, long>>> ListAsync(IPEndPoint member, CancellationToken cancellationToken)
    {
        using var connection = await RawClient.ConnectAsync(member, cancellationToken);
        while (true)
        {
            await connection.SendAsync("lru_crawler metadump hash\r\n", cancellationToken);
            var lines = new List<string>();
            var line = await connection.ReadLineAsync(cancellationToken);
            for (; line.StartsWith("key=", StringComparison.Ordinal) || line == "OK"; line = await connection.ReadLineAsync(cancellationToken))
                lines.Add(line);
            if (line == "END")
                return [.. lines.Where(text => text != "OK").Select(Parse).Where(entry => entry.Key != ReservedKey.Text)];
            await Task.Delay(20, cancellationToken);
        }
    }

    private static string NameOf(string key) =>
        key.AsSpan().ContainsAny(" \r\n\0") ? Convert.ToBase64String(Encoding.Latin1.GetBytes(key)) + " b" : key;

    private static KeyValuePair<string, long> Parse(string line)
    {
        var words = line.Split(' ');
        return new(Decode(words[0]["key=".Length..]), long.Parse(words[1]["exp=".Length..]));
    }

    private static string Decode(string text)
    {
        var key = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            key.Append(text[i] == '%' ? (char)int.Parse(text.AsSpan(i + 1, 2), NumberStyles.HexNumber) : text[i]);
            i += text[i] == '%' ? 2 : 0;
        }

        return key.ToString();
    }
}
