using CacheOperator.Operator.Api;
using CacheOperator.Operator.Runtime.Capabilities;
using CacheOperator.Operator.Settings;
using CacheOperator.Operator.Topology;
using k8s.Models;

namespace CacheOperator.Operator.Resources;

/// <summary>Everything that a cache's objects depend on.</summary>
internal sealed record RenderContext(CacheSettings Settings, ZoneLayout Layout, ServerCapabilities Capabilities, OperatorSettings Operator)
{
    public string Name => Settings.Name;

    /// <summary>Metadata of an object that belongs to the cache and goes with it.</summary>
    public V1ObjectMeta Metadata(string name, string? component = null, string? zone = null) => new()
    {
        Name = name,
        NamespaceProperty = Settings.Namespace,
        Labels = CacheLabels.Of(Name, component, zone),
        OwnerReferences =
        [
            new V1OwnerReference
            {
                ApiVersion = ApiGroup.ApiVersion,
                Kind = ReplicatedCache.KubeKind,
                Name = Name,
                Uid = Settings.Uid,
                Controller = true,
                BlockOwnerDeletion = true,
            },
        ],
    };
}
