using k8s.Models;

namespace CacheOperator.Operator.Resources;

/// <summary>Drains take one member at a time across all zones, and with the readiness gate only when the last one is warm again; proxies likewise.</summary>
internal static class DisruptionBudget
{
    public static V1PodDisruptionBudget ForMembers(RenderContext context) =>
        Build(context, CacheNames.MembersBudget(context.Name), CacheLabels.Memcached);

    public static V1PodDisruptionBudget ForProxies(RenderContext context) =>
        Build(context, CacheNames.Proxy(context.Name), CacheLabels.Proxy);

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
