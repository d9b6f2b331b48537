using CacheOperator.Operator.Api;
using k8s.Models;

namespace CacheOperator.Operator.Resources;

/// <summary>Metadata of an object that belongs to a cache and goes with it.</summary>
internal static class OwnedMetadata
{
    public static V1ObjectMeta Of(string @namespace, string cache, string cacheUid, string name, string? component = null, string? zone = null) => new()
    {
        Name = name,
        NamespaceProperty = @namespace,
        Labels = CacheLabels.Of(cache, component, zone),
        OwnerReferences =
        [
            new V1OwnerReference
            {
                ApiVersion = ApiGroup.ApiVersion,
                Kind = ReplicatedCache.KubeKind,
                Name = cache,
                Uid = cacheUid,
                Controller = true,
                BlockOwnerDeletion = true,
            },
        ],
    };
}
