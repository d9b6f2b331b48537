using k8s.Models;

namespace CacheOperator.Testbed.Kubernetes;

/// <summary>Chooses the node to lose.</summary>
public static class LossCandidate
{
    /// <summary>
    /// A member whose node carries no proxy where there is one, so that the clients of its zone live on and look at the gap: a client
    /// whose own proxy dies with the node has to reconnect, whatever the cache does.
    /// </summary>
    public static async Task<V1Pod> ChooseAsync(CacheView cache, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(cache);
        var proxyNodes = (await cache.ProxiesAsync(cancellationToken)).Select(pod => pod.Spec.NodeName).ToHashSet();
        var members = await cache.MembersAsync(cancellationToken);
        return members.FirstOrDefault(pod => !proxyNodes.Contains(pod.Spec.NodeName)) ?? members[0];
    }
}
