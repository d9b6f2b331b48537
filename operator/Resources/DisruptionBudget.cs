using k8s;
using k8s.Models;

namespace CacheOperator.Operator.Resources;

/// <summary>Drains take one member at a time across all zones, and with the readiness gate only when the last one is warm again; proxies likewise.</summary>
internal static class DisruptionBudget
{
    /// <returns>In the version that the server has; nothing where it has none.</returns>
    public static IEnumerable<IKubernetesObject<V1ObjectMeta>> Build(RenderContext context)
    {
        V1PodDisruptionBudget[] budgets =
        [
            Build(context, CacheNames.MembersBudget(context.Name), CacheLabels.Memcached),
            Build(context, CacheNames.Proxy(context.Name), CacheLabels.Proxy),
        ];
        if (context.Capabilities.Serves<V1PodDisruptionBudget>()) return budgets;
        return context.Capabilities.Serves<V1beta1PodDisruptionBudget>()
            ? budgets.Select(budget => new V1beta1PodDisruptionBudget { Metadata = budget.Metadata, Spec = budget.Spec })
            : [];
    }

    private static V1PodDisruptionBudget Build(RenderContext context, string name, string component) => new()
    {
        Metadata = context.Metadata(name, component),
        Spec = new V1PodDisruptionBudgetSpec
        {
            MaxUnavailable = 1,
            Selector = new V1LabelSelector { MatchLabels = CacheLabels.Selector(context.Name, component) },

            // A pod that is not ready holds little and must not hold up a drain; while it is not, the ready ones stay protected.
            UnhealthyPodEvictionPolicy = context.Capabilities.UnhealthyPodEvictionPolicy ? "AlwaysAllow" : null,
        },
    };
}
