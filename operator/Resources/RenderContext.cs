using CacheOperator.Operator.Runtime.Capabilities;
using CacheOperator.Operator.Settings;
using CacheOperator.Operator.Topology;
using k8s.Models;

namespace CacheOperator.Operator.Resources;

/// <summary>Everything that a cache's objects depend on.</summary>
internal sealed record RenderContext(CacheSettings Settings, ZoneLayout Layout, ServerCapabilities Capabilities, OperatorSettings Operator)
{
    public string Name => Settings.Name;

    public V1ObjectMeta Metadata(string name, string? component = null, string? zone = null) =>
        OwnedMetadata.Of(Settings.Namespace, Settings.Name, Settings.Uid, name, component, zone);
}
