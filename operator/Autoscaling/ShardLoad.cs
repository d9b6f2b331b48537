using CacheOperator.Operator.Topology;
using CacheOperator.Topology;

namespace CacheOperator.Operator.Autoscaling;

/// <summary>What the members of a cache hold, at one moment.</summary>
/// <param name="Usage">Bytes of items of the limit for them, 0 to 1, in the fullest zone.</param>
/// <param name="Items">Items of all members together.</param>
/// <param name="Evictions">By UID of the member, since its process began.</param>
internal sealed record ShardLoad(double Usage, long Items, IReadOnlyDictionary<string, long> Evictions)
{
    /// <returns>Null unless every member tells.</returns>
    public static ShardLoad? Of(TopologyDocument document, FleetView fleet)
    {
        var told = document.Members.Select(m => (Member: m, Statistics: fleet.Statistics(m))).ToList();
        if (told.Count == 0 || told.Any(t => t.Statistics is not { LimitMaxBytes: > 0 })) return null;
        return new ShardLoad(
            told.GroupBy(t => t.Member.Zone).Max(zone => (double)zone.Sum(t => t.Statistics!.Bytes) / zone.Sum(t => t.Statistics!.LimitMaxBytes)),
            told.Sum(t => t.Statistics!.CurrItems),
            told.ToDictionary(t => t.Member.Uid, t => t.Statistics!.Evictions, StringComparer.Ordinal));
    }
}
