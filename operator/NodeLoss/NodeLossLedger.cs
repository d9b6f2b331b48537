using System.Collections.Concurrent;

namespace CacheOperator.Operator.NodeLoss;

/// <summary>
/// What cannot be read from the API: since when a node has been missing, and what was deleted just now. After a restart both begin
/// anew, which only makes the operator wait longer.
/// </summary>
internal sealed class NodeLossLedger(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> _absent = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, List<DateTimeOffset>> _deletions = new(StringComparer.Ordinal);

    public DateTimeOffset AbsentSince(string node) => _absent.GetOrAdd(node, _ => time.GetUtcNow());

    /// <summary>Nodes that are there are not missing; a later absence counts from then.</summary>
    public void Seen(IEnumerable<string> nodes)
    {
        foreach (var node in nodes)
            _absent.TryRemove(node, out _);
    }

    /// <summary>Deletions in the zone, of all caches, within the window.</summary>
    public int Recent(string zone)
    {
        if (!_deletions.TryGetValue(zone, out var times)) return 0;
        lock (times)
        {
            times.RemoveAll(t => time.GetUtcNow() - t >= NodeLossPlanner.Window);
            return times.Count;
        }
    }

    public void Deleted(string zone)
    {
        var times = _deletions.GetOrAdd(zone, _ => []);
        lock (times)
            times.Add(time.GetUtcNow());
    }
}
