using CacheOperator.Topology;

namespace CacheOperator.Proxy.Members;

/// <summary>
/// Whether this proxy is cut off rather than the members: it reaches fewer than half of those that serve. Members that have
/// no other replica do not count: with them there is nobody who could reach more.
/// </summary>
/// <param name="Reached">Of those that count, how many it reaches, or has not reached for a moment only.</param>
/// <param name="Total">How many count.</param>
internal readonly record struct Isolation(int Reached, int Total)
{
    /// <summary>A member that was reached before may be away for so long.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public bool IsIsolated => 2 * Reached < Total;

    public static Isolation Of(TopologyDocument document, IReadOnlyDictionary<string, MemberHealth> members)
    {
        var counted = document.Members
            .Where(m => m.State.ServesReads())
            .GroupBy(m => m.Shard)
            .Where(shard => shard.Count() > 1)
            .SelectMany(shard => shard)
            .Select(m => members[m.Uid].Record)
            .ToList();
        return new Isolation(counted.Count(record => record.IsReachable || (record.Incarnation is not null && record.UnreachableFor < Patience)), counted.Count);
    }
}
