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
        Warming = [.. Members.Where(m => m.State == MemberState.Warming && !IsUnreachable(m))];
        Quarantined = [.. Members.Where(m => m.State == MemberState.Quarantined && !IsUnreachable(m))];
        Unreachable = [.. Members.Where(m => m.State is not (MemberState.Cold or MemberState.Draining) && IsUnreachable(m))];
        DeadShards = [.. Enumerable.Range(0, input.Document?.Shards ?? 0).Where(s => Serving.All(m => m.Shard != s))];
    }

    /// <summary>Members of the zones that are wanted.</summary>
    public IReadOnlyList<Member> Members { get; }

    public int Desired { get; }

    public IReadOnlyList<Member> Serving { get; }

    /// <summary>Members that are being filled or wait for it. One that nobody reaches is not on its way to anything.</summary>
    public IReadOnlyList<Member> Warming { get; }

    /// <inheritdoc cref="Warming"/>
    public IReadOnlyList<Member> Quarantined { get; }

    /// <summary>Members that should serve or be filled, and that no proxy reaches.</summary>
    public IReadOnlyList<Member> Unreachable { get; }

    /// <summary>Shards that no member serves.</summary>
    public IReadOnlyList<int> DeadShards { get; }

    /// <summary>Proxies have an opinion, and none of them reaches it.</summary>
    public bool IsUnreachable(Member member) => _fleet.IsReported(member) && !_fleet.IsReachableByAny(member);

    public static string Names(IEnumerable<Member> members) => string.Join(", ", members.Select(m => m.Name));
}
