using k8s;
using k8s.Models;

namespace CacheOperator.Operator.Api;

/// <summary>A replicated memcached fleet: one full copy of the key space in every zone, behind one endpoint.</summary>
[KubernetesEntity(Group = ApiGroup.Name, ApiVersion = ApiGroup.Version, Kind = KubeKind, PluralName = KubePluralName)]
internal sealed class ReplicatedCache : IKubernetesObject<V1ObjectMeta>
{
    public const string KubeKind = "ReplicatedCache";
    public const string KubePluralName = "replicatedcaches";

    public string ApiVersion { get; set; } = ApiGroup.ApiVersion;

    public string Kind { get; set; } = KubeKind;

    public V1ObjectMeta Metadata { get; set; } = new();

    /// <summary>What is wanted; a manifest without it asks for the defaults.</summary>
    public ReplicatedCacheSpec Spec { get; set; } = new();

    public ReplicatedCacheStatus? Status { get; set; }
}
