using System.Net;
using CacheOperator.Topology;

namespace CacheOperator.Fleet;

/// <summary>What a fleet consists of.</summary>
internal sealed record FleetShape
{
    public const string Cache = "local/fleet";

    public int Zones { get; init; } = 3;

    /// <summary>Members in every zone.</summary>
    public int Shards { get; init; } = 1;

    /// <summary>Spread over the zones.</summary>
    public int Proxies { get; init; } = 3;

    /// <summary>Memory of each member, in MiB.</summary>
    public int Memory { get; init; } = 64;

    public ReplicationSettings Replication { get; init; } = new();

    /// <summary>Bound of each copy; 0 for none.</summary>
    public long CopyBytesPerSecond { get; init; }

    /// <summary>More arguments for each proxy.</summary>
    public IReadOnlyList<string> ProxyArguments { get; init; } = [];

    /// <summary>Where the proxy of a given name connects to reach the member that listens at a given address. Asked for every document.</summary>
    public Func<string, IPEndPoint, IPEndPoint> Way { get; init; } = (_, member) => member;

    public IReadOnlyList<string> ZoneNames => [.. Enumerable.Range(1, Zones).Select(zone => $"zone-{zone}")];
}
