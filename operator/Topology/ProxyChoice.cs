using CacheOperator.Topology;

namespace CacheOperator.Operator.Topology;

/// <summary>Which proxies can be given work beside their clients'.</summary>
internal static class ProxyChoice
{
    /// <summary>Copies and purges that one proxy does at a time.</summary>
    public const int MaxPerProxy = 2;

    /// <summary>Proxies that reach these members and have room, the best first: in the zone, and with little to do.</summary>
    public static IReadOnlyList<ObservedProxy> Find(PlanDraft draft, string zone, params Member[] members) =>
    [
        .. draft.Fleet.Live
            .Where(p => p.PodReady && p.Status is { Ready: true } && members.All(m => draft.Fleet.Reaches(p, m)))
            .Where(p => Load(draft, p) < MaxPerProxy)
            .OrderByDescending(p => p.Status!.Zone == zone)
            .ThenBy(p => Load(draft, p))
            .ThenBy(p => p.Name, StringComparer.Ordinal),
    ];

    private static int Load(PlanDraft draft, ObservedProxy proxy) =>
        draft.Copies.Count(c => c.Proxy == proxy.Name) + draft.Purges.Count(p => p.Proxy == proxy.Name);
}
