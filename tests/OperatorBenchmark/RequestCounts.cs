using System.Text.Json;

namespace CacheOperator.OperatorBenchmark;

/// <summary>What one user asked of the API server, by verb and resource.</summary>
internal sealed class RequestCounts
{
    private static readonly string[] WritingVerbs = ["create", "update", "patch", "delete", "deletecollection"];

    private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);

    public int Total => _counts.Values.Sum();

    /// <summary>Requests that change something, the renewing of the leader's lease aside.</summary>
    public int Writes => Written.Sum(c => c.Value);

    public IEnumerable<KeyValuePair<string, int>> Written =>
        _counts.Where(c => WritingVerbs.Contains(c.Key.Split(' ')[0]) && !c.Key.EndsWith(" leases", StringComparison.Ordinal));

    /// <summary>Reads what was logged from a place on.</summary>
    /// <param name="auditLog">The API server's audit log.</param>
    /// <param name="from">Where to begin, in bytes.</param>
    /// <param name="user">Whose requests count.</param>
    public static RequestCounts Read(string auditLog, long from, string user)
    {
        var counts = new RequestCounts();
        using var stream = new FileStream(auditLog, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        stream.Position = from;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            // The last line may be in the middle of being written.
            if (!line.EndsWith('}')) continue;
            using var entry = JsonDocument.Parse(line);
            if (entry.RootElement.GetProperty("user").GetProperty("username").GetString() == user) counts.Add(entry.RootElement);
        }

        return counts;
    }

    private void Add(JsonElement entry)
    {
        var resource = entry.TryGetProperty("objectRef", out var reference) && reference.TryGetProperty("resource", out var name) ? name.GetString() : "";
        var part = resource is { Length: > 0 } && reference.TryGetProperty("subresource", out var subresource) ? $"/{subresource.GetString()}" : "";
        var key = $"{entry.GetProperty("verb").GetString()} {resource}{part}";
        _counts[key] = _counts.GetValueOrDefault(key) + 1;
    }
}
