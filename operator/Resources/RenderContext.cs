using System.Collections.Immutable;
using CacheOperator.Operator.Runtime.Capabilities;
using CacheOperator.Operator.Settings;
using CacheOperator.Operator.Topology;
using k8s.Models;

namespace CacheOperator.Operator.Resources;

/// <summary>Everything that a cache's objects depend on.</summary>
internal sealed record RenderContext(CacheSettings Settings, ZoneLayout Layout, ServerCapabilities Capabilities, OperatorSettings Operator)
{
    public string Name => Settings.Name;

    /// <summary>Number of members in every zone: that of the topology, which follows the spec when the members are prepared for it.</summary>
    public int MembersPerZone { get; init; } = Settings.Shards;

    /// <summary>Zones whose StatefulSet replaces no pods now, because those are given what they lack in place.</summary>
    public ImmutableHashSet<string> HeldZones { get; init; } = [];

    /// <summary>Number of proxies that their Deployment asks for now; null while there is none.</summary>
    public int? LiveProxies { get; init; }

    /// <summary>An autoscaler of the proxies has been seen: so there are such, though the server may not have told it when it was asked.</summary>
    public bool HasProxyAutoscaler { get; init; }

    /// <summary>Whether the number of proxies is left to an autoscaler: it is wanted, and this server has it.</summary>
    public bool AutoscalesProxies =>
        Settings.ProxyAutoscaling is not null && (HasProxyAutoscaler || Capabilities.Serves<V2HorizontalPodAutoscaler>());

    public V1ObjectMeta Metadata(string name, string? component = null, string? zone = null) =>
        OwnedMetadata.Of(Settings.Namespace, Settings.Name, Settings.Uid, name, component, zone);
}
