using CacheOperator.Operator.Topology;
using CacheOperator.Topology;

namespace CacheOperator.Operator.Status;

/// <summary>Members by what they do now, as the conditions count them.</summary>
internal sealed class FleetHealth
{
    private readonly FleetView _fleet;

    public FleetHealth(StatusInput input)
    {
        _fleet = new FleetView(input.Proxies);
        Members = [.. input.Document?.Members.Where(m => input.Zones.Contains(m.Zone)) ?? []];
        Desired = input.Zones.Count * (input.Document?.Shards ?? 1);
        Serving = [.. Members.Where(m => m.State == MemberState.Ready && !IsUnreachable(m))];
        Warming = [.. Members.Where(m => m.State == MemberState.Warming)];
        Quarantined = [.. Members.Where(m => m.State == MemberState.Quarantined)];
        Unreachable = [.. Members.Where(m => m.State == MemberState.Ready && IsUnreachable(m))];
        DeadShards = [.. Enumerable.Range(0, input.Document?.Shards ?? 0).Where(s => Serving.All(m => m.Shard != s))];
    }

    /// <summary>Members of the zones that are wanted.</summary>
    public IReadOnlyList<Member> Members { get; }

    public int Desired { get; }

    public IReadOnlyList<Member> Serving { get; }

    public IReadOnlyList<Member> Warming { get; }

    public IReadOnlyList<Member> Quarantined { get; }

    public IReadOnlyList<Member> Unreachable { get; }

    /// <summary>Shards that no member serves.</summary>
    public IReadOnlyList<int> DeadShards { get; }

    /// <summary>Proxies have an opinion, and none of them reaches it.</summary>
    public bool IsUnreachable(Member member) => _fleet.IsReported(member) && !_fleet.IsReachableByAny(member);

    public static string Names(IEnumerable<Member> members) => string.Join(", ", members.Select(m => m.Name));
}
