using CacheOperator.Topology;

namespace CacheOperator.Operator.Topology;

/// <summary>What the live proxies say, taken together.</summary>
internal sealed class FleetView(IReadOnlyList<ObservedProxy> proxies)
{
    public IReadOnlyList<ObservedProxy> Proxies { get; } = proxies;

    public IReadOnlyList<ObservedProxy> Live { get; } = [.. proxies.Where(p => p.IsLive)];

    /// <summary>The highest generation that any proxy has applied.</summary>
    public long NewestGeneration => Proxies.Max(p => p.Status?.Generation) ?? 0;

    /// <summary>Whether every live proxy acts by this generation or a newer one.</summary>
    public bool HasApplied(long generation) => Live.All(p => (p.Status?.Generation ?? 0) >= generation);

    /// <summary>
    /// Whether some live proxy serves by an older generation than this one. One without any document serves nothing and does no harm.
    /// </summary>
    public bool ServesOlderThan(long generation) => Live.Any(p => p.Status?.Generation is { } applied && applied > 0 && applied < generation);

    /// <summary>Writes of its current epoch that a member did not acknowledge.</summary>
    public long MissedWrites(Member member) => Reports(member).Where(r => r.Epoch == member.Epoch).Sum(r => r.MissedWrites);

    /// <summary>False when a live proxy that takes traffic says that it cannot reach the member.</summary>
    public bool IsReachableByAll(Member member) =>
        Live.Where(p => p.Status?.Ready == true).All(p => Report(p, member) is not { Reachable: false });

    public bool IsReachableByAny(Member member) => Reports(member).Any(r => r.Reachable);

    /// <summary>Whether any live proxy says anything about the member.</summary>
    public bool IsReported(Member member) => Reports(member).Any();

    /// <summary>The newest statistics of a member that a proxy has.</summary>
    public MemberStatistics? Statistics(Member member) => Reports(member).Select(r => r.Statistics).FirstOrDefault(s => s is not null);

    public static bool Reaches(ObservedProxy proxy, Member member) => Report(proxy, member) is not { Reachable: false };

    /// <summary>The progress of a copy as its proxy reports it; null when that proxy does not live or has not reported it yet.</summary>
    public CopyStatus? Progress(CopyAssignment copy) =>
        Live.FirstOrDefault(p => p.Name == copy.Proxy)?.Status?.Copies.FirstOrDefault(c => c.Id == copy.Id);

    public bool IsLive(string proxy) => Live.Any(p => p.Name == proxy);

    /// <summary>Processes that proxies met at the member's address, by those proxies that know that address.</summary>
    public IReadOnlyList<string> Incarnations(Member member) =>
    [
        .. Live.Where(p => p.Status?.Generation >= member.Since)
            .Select(p => Report(p, member)?.Incarnation)
            .OfType<string>(),
    ];

    private IEnumerable<MemberStatus> Reports(Member member) => Live.Select(p => Report(p, member)).OfType<MemberStatus>();

    private static MemberStatus? Report(ObservedProxy proxy, Member member) =>
        proxy.Status?.Members.FirstOrDefault(m => m.Uid == member.Uid);
}
