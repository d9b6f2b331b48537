using k8s;
using k8s.Models;

namespace CacheOperator.Operator.Resources;

/// <summary>
/// A PodDisruptionBudget for servers before 1.21, which have no policy/v1; the client knows it no more.
/// Its fields are those of policy/v1, and so is what they mean wherever the selector is not empty.
/// </summary>
[KubernetesEntity(Group = "policy", ApiVersion = "v1beta1", Kind = "PodDisruptionBudget", PluralName = "poddisruptionbudgets")]
internal sealed class V1beta1PodDisruptionBudget : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; } = "policy/v1beta1";

    public string Kind { get; set; } = "PodDisruptionBudget";

    public V1ObjectMeta Metadata { get; set; } = new();

    public V1PodDisruptionBudgetSpec Spec { get; set; } = new();
}
