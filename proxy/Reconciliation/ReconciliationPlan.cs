using CacheOperator.Topology;

namespace CacheOperator.Proxy.Reconciliation;

/// <summary>
/// Which members a proxy compares. The document alone tells, so that every shard has one proxy that does it, and nobody need be asked;
/// that for a moment two proxies do it, by different documents, harms nothing.
/// </summary>
internal static class ReconciliationPlan
{
    /// <param name="document">What is in force.</param>
    /// <param name="proxy">Whose part of it; a fleet that lists no proxies leaves all to each.</param>
    /// <returns>Nothing while keys move, nor of a shard of which a member is being filled: a copy counts on what its source holds.</returns>
    public static IReadOnlyList<MemberPair> Of(TopologyDocument document, string proxy)
    {
        if (document.Resharding is not null) return [];
        var proxies = document.Proxies.OrderBy(p => p.Number).Select(p => p.Name).ToList();
        var (place, turns) = proxies.Count == 0 ? (0, 1) : (proxies.IndexOf(proxy), proxies.Count);
        var filled = document.Copies.Select(copy => copy.Target).ToHashSet();
        return
        [
            .. document.Members
                .GroupBy(member => member.Shard)
                .Where(shard => shard.Key % turns == place && !shard.Any(member => filled.Contains(member.Uid)))
                .SelectMany(shard => Pairs([.. shard.Where(member => member.State == MemberState.Ready)])),
        ];
    }

    private static IEnumerable<MemberPair> Pairs(List<Member> members) =>
        members.SelectMany((left, i) => members.Skip(i + 1).Select(right => new MemberPair(left, right)));
}
