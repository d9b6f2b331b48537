using CacheOperator.Operator.Api;
using CacheOperator.Operator.Topology;
using CacheOperator.Topology;

namespace CacheOperator.Operator.Status;

/// <summary>The members of each zone in numbers.</summary>
internal static class ZoneStatuses
{
    public static IReadOnlyList<ZoneStatus> Of(StatusInput input, FleetHealth health)
    {
        if (input.Document is not { } document) return [];
        var fleet = new FleetView(input.Proxies);
        return [.. document.Zones.Select(zone => Of(zone, [.. document.Members.Where(m => m.Zone == zone)], fleet, health))];
    }

    private static ZoneStatus Of(string zone, IReadOnlyList<Member> members, FleetView fleet, FleetHealth health)
    {
        var statistics = members.Select(fleet.Statistics).OfType<MemberStatistics>().ToList();
        var reads = statistics.Sum(s => s.GetHits + s.GetMisses);
        return new ZoneStatus
        {
            Name = zone,
            Ready = members.Count(m => m.State == MemberState.Ready && !health.IsUnreachable(m)),
            Warming = members.Count(m => m.State == MemberState.Warming),
            Quarantined = members.Count(m => m.State == MemberState.Quarantined),
            Unreachable = members.Count(health.IsUnreachable),
            Items = statistics.Count == 0 ? null : statistics.Sum(s => s.CurrItems),
            Bytes = statistics.Count == 0 ? null : statistics.Sum(s => s.Bytes),
            HitRatio = reads == 0 ? null : (int)(100 * statistics.Sum(s => s.GetHits) / reads),
        };
    }
}
