using CacheOperator.Proxy.Members;
using CacheOperator.Proxy.Routing;
using CacheOperator.Topology;

namespace CacheOperator.Proxy.Topology;

/// <param name="Document">The document.</param>
/// <param name="Zone">The zone that this proxy reads first; null when it does not know its own.</param>
/// <param name="Members">What this proxy knows of the document's members, by UID.</param>
internal sealed record AppliedTopology(TopologyDocument Document, string? Zone, IReadOnlyDictionary<string, MemberHealth> Members)
{
    public KeyPlacement Placement { get; } = KeyPlacement.Of(Document);

    /// <summary>Sums over the members of one zone, which hold everything once.</summary>
    public MemberStatistics CopyStatistics()
    {
        var zone = Zone ?? (Document.Zones.Count > 0 ? Document.Zones[0] : null);
        var sum = new MemberStatistics();
        foreach (var member in Document.Members)
        {
            if (member.Zone != zone || Members[member.Uid].Record.Statistics is not { } statistics) continue;
            sum = new MemberStatistics
            {
                CurrItems = sum.CurrItems + statistics.CurrItems,
                Bytes = sum.Bytes + statistics.Bytes,
                LimitMaxBytes = sum.LimitMaxBytes + statistics.LimitMaxBytes,
                Evictions = sum.Evictions + statistics.Evictions,
            };
        }

        return sum;
    }
}
