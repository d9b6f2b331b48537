using k8s;
using k8s.Models;

namespace CacheOperator.Operator.Resources;

/// <summary>
/// Everything that a cache consists of, but for the topology and the token, which are not rendered from the spec. In the order in which it is
/// applied: what pods need comes before them.
/// </summary>
internal static class FleetObjects
{
    public static IEnumerable<IKubernetesObject<V1ObjectMeta>> Build(RenderContext context)
    {
        yield return MembersService.Build(context);
        yield return ClientService.Build(context);
        if (context.Settings.NetworkPolicy)
        {
            yield return AccessPolicy.ForMembers(context);
            yield return AccessPolicy.ForProxies(context);
        }

        foreach (var budget in DisruptionBudget.Build(context))
            yield return budget;
        foreach (var zone in context.Layout.Zones)
            yield return MembersStatefulSet.Build(context, zone);
        yield return ProxyDeployment.Build(context);
        if (context is { AutoscalesProxies: true, Settings.ProxyAutoscaling: { } bounds })
            yield return ProxyAutoscaler.Build(context, bounds);
    }
}
