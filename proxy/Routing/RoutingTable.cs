using System.Net;
using CacheOperator.Topology;

namespace CacheOperator.Proxy.Routing;

/// <summary>
/// What a topology document means to one proxy: for every shard the members that are written to, in the order in which
/// this proxy reads them. Immutable; replaced as a whole.
/// </summary>
internal sealed class RoutingTable
{
    /// <summary>Replicas of one key are kept in sets of 64 bits.</summary>
    public const int MaxReplicas = 64;

    private RoutingTable(TopologyDocument document, string? zone, IReadOnlyList<IReadOnlyList<ReplicaRoute>> shards) =>
        (Document, Zone, Shards, Placement) = (document, zone, shards, KeyPlacement.Of(document));

    public TopologyDocument Document { get; }

    /// <summary>The zone read first; null while the proxy does not know its own.</summary>
    public string? Zone { get; }

    public KeyPlacement Placement { get; }

    /// <summary>For each shard its replicas, the local zone's first, then by the document's order of zones.</summary>
    public IReadOnlyList<IReadOnlyList<ReplicaRoute>> Shards { get; }

    /// <exception cref="TopologyException">More members in a shard than a proxy can address.</exception>
    public static RoutingTable Build(TopologyDocument document, string? zone)
    {
        var shards = new IReadOnlyList<ReplicaRoute>[document.MemberShards()];
        var most = document.Resharding is null ? MaxReplicas : MaxReplicas / 2;
        for (var shard = 0; shard < shards.Length; shard++)
        {
            shards[shard] = [.. document.Members
                .Where(m => m.Shard == shard && m.State.TakesWrites() && m.Address is not null)
                .OrderBy(m => Distance(document.Zones, zone, m.Zone))
                .ThenBy(m => m.Uid, StringComparer.Ordinal)
                .Select(m => new ReplicaRoute(m, IPEndPoint.Parse(m.Address!), m.Zone == zone, KeyHash.Of(m.Zone)))];
            if (shards[shard].Count > most) throw new TopologyException($"members: shard {shard} has {shards[shard].Count} members, at most {most} are possible");
        }

        return new RoutingTable(document, zone, shards);
    }

    /// <summary>The zone that this proxy reads from: the one it was told, else the one of its node.</summary>
    public static string? ZoneOf(TopologyDocument document, string? zone, string? node) =>
        zone ?? (node is null ? null : document.Nodes.GetValueOrDefault(node));

    // Steps from the own zone to another one, wrapping around.
    private static int Distance(IReadOnlyList<string> zones, string? own, string zone)
    {
        var start = Math.Max(0, own is null ? 0 : zones.ToList().IndexOf(own));
        return (zones.ToList().IndexOf(zone) - start + zones.Count) % zones.Count;
    }
}
