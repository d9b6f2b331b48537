using CacheOperator.Operator.Runtime.Client;
using k8s;
using k8s.Models;

namespace CacheOperator.Operator.Runtime.Reconciling;

/// <summary>From an object to the entity that controls it.</summary>
internal static class OwnerMapper
{
    /// <summary>
    /// The controlling owner's key, if it is of the given kind; its version does not matter, for an entity may be served
    /// in several. Owners live in the object's own namespace.
    /// </summary>
    public static ObjectKey? OwnerOf(IKubernetesObject<V1ObjectMeta> resource, ResourceKind ownerKind)
    {
        var owner = resource.Metadata.OwnerReferences?.FirstOrDefault(reference => reference.Controller == true);
        if (owner is null || owner.Kind != ownerKind.Kind || GroupOf(owner.ApiVersion) != ownerKind.Group)
            return null;
        return new ObjectKey(resource.Metadata.NamespaceProperty, owner.Name);
    }

    private static string GroupOf(string apiVersion) =>
        apiVersion.IndexOf('/', StringComparison.Ordinal) is var slash and >= 0 ? apiVersion[..slash] : "";
}
