using CacheOperator.Topology;

namespace CacheOperator.Operator.Topology;

/// <summary>What the proxies of one cache last answered. Used by one reconcile at a time.</summary>
internal sealed class ProxyRoster
{
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>The last answer of a pod, and how long ago it came (or since when one has been asked for).</summary>
    public (ProxyStatus? Status, TimeSpan SilentFor) Of(string uid, DateTimeOffset now) =>
        _entries.TryGetValue(uid, out var entry) ? (entry.Status, now - entry.LastAnswer) : (null, TimeSpan.Zero);

    public void Asked(string uid, DateTimeOffset now) => _entries.TryAdd(uid, new Entry(null, now));

    public void Answered(string uid, ProxyStatus status, DateTimeOffset now) => _entries[uid] = new Entry(status, now);

    public void Keep(IEnumerable<string> uids)
    {
        var present = uids.ToHashSet(StringComparer.Ordinal);
        foreach (var gone in _entries.Keys.Where(uid => !present.Contains(uid)).ToList())
            _entries.Remove(gone);
    }

    private readonly record struct Entry(ProxyStatus? Status, DateTimeOffset LastAnswer);
}
