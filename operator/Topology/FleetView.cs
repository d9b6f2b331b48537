using CacheOperator.Topology;

namespace CacheOperator.Operator.Topology;

/// <summary>What the live proxies say, taken together.</summary>
internal sealed class FleetView
{
    private readonly ILookup<string, (ObservedProxy Proxy, MemberStatus Status)> _reports;
    private readonly ILookup<string, MemberStatus> _lastWords;
    private readonly List<ObservedProxy> _running;
    private readonly long _settledGeneration;

    /// <param name="proxies">Pods of proxies.</param>
    /// <param name="departed">What processes said last that are no more.</param>
    public FleetView(IReadOnlyList<ObservedProxy> proxies, IReadOnlyList<ProxyStatus>? departed = null)
    {
        Live = [.. proxies.Where(p => p.IsLive)];
        NewestGeneration = proxies.Select(p => p.Status).Max(s => s is null ? 0 : (long?)Math.Max(s.Generation, s.NewerGeneration)) ?? 0;
        _running = [.. proxies.Where(p => p.Running)];
        _settledGeneration = proxies.Max(p => (long?)p.SettledGeneration) ?? 0;
        _lastWords = proxies.Where(p => !p.IsLive).Select(p => p.Status).Concat(departed ?? [])
            .SelectMany(s => s?.Members ?? [])
            .ToLookup(s => s.Uid, StringComparer.Ordinal);
        _reports = Live
            .SelectMany(p => p.Status?.Members ?? [], (proxy, status) => (Proxy: proxy, Status: status))
            .ToLookup(r => r.Status.Uid, StringComparer.Ordinal);
    }

    public IReadOnlyList<ObservedProxy> Live { get; }

    /// <summary>The highest generation that any proxy has applied, or has seen others act by.</summary>
    public long NewestGeneration { get; }

    /// <summary>
    /// Whether every proxy acts by this generation or a newer one, or serves nobody: one that is not live does so once members have shown it the
    /// generation for long enough.
    /// </summary>
    public bool HasApplied(long generation) =>
        _running.All(p => (p.Status?.Generation ?? 0) >= generation || (!p.IsLive && _settledGeneration >= generation));

    /// <summary>
    /// Whether some live proxy serves by an older generation than this one. One without any document serves nothing and does no harm.
    /// </summary>
    public bool ServesOlderThan(long generation) => Live.Any(p => p.Status?.Generation is { } applied && applied > 0 && applied < generation);

    /// <summary>
    /// Writes of its current epoch that a member lacks for good. A proxy that has gone no longer makes up for those that it remembered, and
    /// nobody else knows of them.
    /// </summary>
    public long MissedWrites(Member member) =>
        _reports[member.Uid].Where(r => r.Status.Epoch == member.Epoch).Sum(r => r.Status.MissedWrites)
        + _lastWords[member.Uid].Where(s => s.Epoch == member.Epoch).Sum(s => s.MissedWrites + s.Hints);

    /// <summary>Keys of which a member lacks writes that proxies are going to make up for.</summary>
    public long Hints(Member member) => _reports[member.Uid].Where(r => r.Status.Epoch == member.Epoch).Sum(r => r.Status.Hints);

    /// <summary>False when a live proxy that takes traffic says that it cannot reach the member.</summary>
    public bool IsReachableByAll(Member member) => _reports[member.Uid].Where(r => r.Proxy.Status!.Ready).All(r => r.Status.Reachable);

    /// <summary>
    /// Whether every live proxy says that it has not reached the member for so long. One that serves without answering the operator has not said so.
    /// </summary>
    public bool IsLostToAll(Member member, TimeSpan limit) =>
        IsReported(member) && _reports[member.Uid].All(r => !r.Status.Reachable && r.Status.UnreachableSeconds >= limit.TotalSeconds);

    public bool IsReachableByAny(Member member) => _reports[member.Uid].Any(r => r.Status.Reachable);

    /// <summary>Whether any live proxy says anything about the member.</summary>
    public bool IsReported(Member member) => _reports.Contains(member.Uid);

    /// <summary>The newest statistics of a member that a proxy has.</summary>
    public MemberStatistics? Statistics(Member member) => _reports[member.Uid].Select(r => r.Status.Statistics).FirstOrDefault(s => s is not null);

    /// <summary>Bytes that the member's process may take for items, by the proxies that speak of that process; 0 when none does. Nobody takes any away.</summary>
    public long MemoryLimit(Member member) =>
        _reports[member.Uid].Where(r => r.Status.Incarnation == member.Incarnation).Max(r => r.Status.Statistics?.LimitMaxBytes) ?? 0;

    /// <summary>False when the proxy says that it cannot reach the member.</summary>
    public bool Reaches(ObservedProxy proxy, Member member) => _reports[member.Uid].All(r => r.Proxy != proxy || r.Status.Reachable);

    /// <summary>The progress of a copy as its proxy reports it; null when that proxy does not live or has not reported it yet.</summary>
    public CopyStatus? Progress(CopyAssignment copy) => Progress(copy.Proxy, copy.Id);

    /// <inheritdoc cref="Progress(CopyAssignment)"/>
    public CopyStatus? Progress(string proxy, string id) => Live.FirstOrDefault(p => p.Name == proxy)?.Status?.Copies.FirstOrDefault(c => c.Id == id);

    public bool IsLive(string proxy) => Live.Any(p => p.Name == proxy);

    /// <summary>Processes that proxies met at the member's address, by those proxies that know that address.</summary>
    public IReadOnlyList<string> Incarnations(Member member) =>
    [
        .. _reports[member.Uid].Where(r => r.Proxy.Status!.Generation >= member.Since).Select(r => r.Status.Incarnation).OfType<string>(),
    ];
}
