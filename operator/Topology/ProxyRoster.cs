using CacheOperator.Topology;

namespace CacheOperator.Operator.Topology;

/// <summary>What the proxies of one cache last answered. Used by one reconcile at a time.</summary>
internal sealed class ProxyRoster
{
    /// <summary>Far more than the planner takes to draw its conclusions, which are in the topology from then on.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(5);

    /// <summary>How old statistics may be where nobody goes by them from moment to moment.</summary>
    private static readonly TimeSpan StatisticsAge = TimeSpan.FromSeconds(20);

    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly List<Entry> _departed = [];

    /// <summary>What processes said last that went away while members lacked writes that they alone remembered.</summary>
    public IReadOnlyList<ProxyStatus> Departed => [.. _departed.Select(entry => entry.Status!)];

    /// <summary>The last answer of a pod, and how long ago it came (or since when one has been asked for).</summary>
    public (ProxyStatus? Status, TimeSpan SilentFor) Of(string uid, DateTimeOffset now) =>
        _entries.TryGetValue(uid, out var entry) ? (entry.Status, now - entry.LastAnswer) : (null, TimeSpan.Zero);

    /// <inheritdoc cref="ObservedProxy.SettledGeneration"/>
    public long SettledGeneration(string uid) => _entries.TryGetValue(uid, out var entry) ? entry.Generations.Settled : 0;

    public void Asked(string uid, DateTimeOffset now) => _entries.TryAdd(uid, new Entry(null, now, now, new GenerationHistory()));

    /// <param name="atRest">
    /// An answer that differs in statistics only may be forgotten: to keep each of thousands for the seconds until the next one moves all of them to
    /// where memory is collected last.
    /// </param>
    /// <returns>Whether it is the answer before, but for the traffic.</returns>
    public bool Answered(string uid, ProxyStatus status, DateTimeOffset now, bool atRest = false)
    {
        var isSame = _entries.TryGetValue(uid, out var before) && before.Status?.StartedAt == status.StartedAt;
        if (!isSame) Depart(before);
        var generations = isSame ? before.Generations : new GenerationHistory();
        if (status.Ready) generations.Add(status.Generation, now);
        var isNoNews = isSame && status.IsSameButForTraffic(before.Status!);
        _entries[uid] = atRest && isNoNews && now - before.Taken < StatisticsAge
            ? before with { LastAnswer = now }
            : new Entry(status, now, now, generations);
        return isNoNews;
    }

    public void Keep(IEnumerable<string> uids, DateTimeOffset now)
    {
        var present = uids.ToHashSet(StringComparer.Ordinal);
        foreach (var gone in _entries.Keys.Where(uid => !present.Contains(uid)).ToList())
        {
            _entries.Remove(gone, out var entry);
            Depart(entry);
        }

        _departed.RemoveAll(entry => now - entry.LastAnswer > Memory);
    }

    private void Depart(Entry entry)
    {
        if (entry.Status?.Members.Any(member => member.Hints > 0) == true) _departed.Add(entry);
    }

    private readonly record struct Entry(ProxyStatus? Status, DateTimeOffset Taken, DateTimeOffset LastAnswer, GenerationHistory Generations);
}
