using CacheOperator.Proxy.Configuration;
using CacheOperator.Proxy.Members;
using CacheOperator.Proxy.Topology;
using CacheOperator.Proxy.WarmUp;
using CacheOperator.Proxy.Workers;
using CacheOperator.Topology;

namespace CacheOperator.Proxy.Admin;

/// <summary>What the proxy says of itself.</summary>
internal sealed class StatusReporter(
    ProxySettings settings, TopologyStore topology, ICopySupervisor copies, Func<ServerStatistics> statistics, Lifecycle lifecycle)
{
    public ProxyStatus Status()
    {
        var applied = topology.Current;
        var now = statistics();
        var members = applied is null ? [] : Members(applied);
        var reason = NotReadyReason(applied, members);
        return new ProxyStatus
        {
            Name = settings.Name,
            Version = ServerStatistics.Version,
            Zone = applied?.Zone,
            Generation = applied?.Document.Generation ?? 0,
            Ready = reason is null,
            NotReadyReason = reason,
            Isolated = IsIsolated,
            Outdated = topology.IsOutdated,
            NewerGeneration = topology.NewerGeneration,
            RaisesMemory = true,
            StartedAt = now.StartedAt,
            Traffic = new ProxyTraffic
            {
                Reads = now.Total.Reads,
                Hits = now.Total.Hits,
                FallbackReads = now.Total.FallbackReads,
                Writes = now.Total.Writes,
                Errors = now.Total.Errors,
                Connections = now.Total.Connections,
            },
            Members = members,
            Copies = copies.Statuses,
        };
    }

    /// <summary>Whether it is probably cut off itself.</summary>
    public bool IsIsolated => IsolationOf(topology.Current).IsIsolated;

    /// <summary>Why the proxy takes no traffic; null when it does.</summary>
    public string? NotReadyReason()
    {
        var applied = topology.Current;
        return NotReadyReason(applied, applied is null ? [] : Members(applied));
    }

    private static List<MemberStatus> Members(AppliedTopology applied)
    {
        // Of a shard whose Ready members all missed writes, they are read nevertheless: there is nothing better.
        var shardsWithClean = applied.Document.Members
            .Where(m => m.State.ServesReads() && applied.Members[m.Uid].IsClean)
            .Select(m => m.Shard)
            .ToHashSet();
        return [.. applied.Document.Members.Select(m => Status(m, applied.Members[m.Uid], shardsWithClean.Contains(m.Shard)))];
    }

    private static MemberStatus Status(Member member, MemberHealth health, bool shardHasClean)
    {
        var record = health.Record;
        return new MemberStatus
        {
            Uid = member.Uid,
            Incarnation = record.Incarnation,
            Reachable = record.IsReachable,
            UnreachableSeconds = (long)record.UnreachableFor.TotalSeconds,
            ServesReads = member.State.ServesReads() && record.IsReachable && record.IsExpected(member) && (health.IsClean || !shardHasClean),
            Epoch = health.Epoch,
            MissedWrites = health.MissedWrites,
            Hints = health.HintCount,
            Statistics = record.Statistics,
        };
    }

    private string? NotReadyReason(AppliedTopology? applied, List<MemberStatus> members)
    {
        if (lifecycle.IsDraining) return "shutting down";
        if (applied is null) return "no topology";
        if (topology.IsOutdated) return $"outdated topology: generation {applied.Document.Generation}, others act by {topology.NewerGeneration}";

        // Not knowing the own zone is no reason: all zones hold everything, and with the operator away nobody would list a new proxy's node.
        if (!members.Any(m => m.ServesReads)) return "no member can be read";
        var isolation = IsolationOf(applied);
        return isolation.IsIsolated ? $"isolated: reaches {isolation.Reached} of {isolation.Total} members" : null;
    }

    private static Isolation IsolationOf(AppliedTopology? applied) => applied is null ? default : Isolation.Of(applied.Document, applied.Members);
}
