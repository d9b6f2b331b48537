using CacheOperator.ClusterTests.Setup;
using CacheOperator.Testbed;
using CacheOperator.Testbed.Kubernetes;
using k8s;
using k8s.Models;

namespace CacheOperator.ClusterTests;

[Trait("Suite", "Long")]
public sealed class ProxyOnALostNode(ClusterFixture cluster) : Scenario(cluster)
{
    [Fact]
    public async Task A_node_that_is_lost_with_a_member_and_a_proxy_is_made_up_for_while_it_is_away()
    {
        Cluster.SkipUnlessNodesCanBeStopped();
        var node = await NodeForBothAsync();
        var cache = await CreateCacheAsync();
        await Mishaps.MendAsync(Cancelled);
        V1Pod[] pods = [.. await cache.MembersAsync(Cancelled), .. await cache.ProxiesAsync(Cancelled)];
        var lost = pods.Where(pod => pod.Spec.NodeName == node).ToList();
        Assert.Equal(2, lost.Count);
        var untouched = pods.Except(lost).Select(pod => pod.Life()).ToList();
        var client = await ClientAsync(cache, exceptNodes: [node]) with { TimesToLive = [0, 3600, 86400] };
        var load = await StartFilledAsync(client);

        await Mishaps.StopNodeAsync(node);
        await cache.WaitForAsync("Degraded", "NodeLost", ReadyDeadline, Cancelled);
        await Wait.UntilAsync("nothing of the cache is on the lost node", ReadyDeadline, async () =>
        {
            V1Pod[] now = [.. await cache.MembersAsync(Cancelled), .. await cache.ProxiesAsync(Cancelled)];
            return now.All(pod => pod.Spec.NodeName != node) ? null : string.Join(", ", now.Select(pod => pod.Life()));
        }, Cancelled);
        await cache.WaitUntilReadyAsync(ReadyDeadline, Cancelled);

        AssertUndisturbed(await load.StopAsync(Cancelled));
        V1Pod[] after = [.. await cache.MembersAsync(Cancelled), .. await cache.ProxiesAsync(Cancelled)];
        Assert.Equal(pods.Length, after.Length);
        Assert.Superset(untouched.ToHashSet(), after.Select(pod => pod.Life()).ToHashSet());
        foreach (var pod in lost) await WaitUntilToldAsync(cache, "NodeLost", pod.Metadata.Name);

        // Every proxy, the new one too, and whatever the Service leads to.
        Assert.Equal(client.Keys, (await (client with { Endpoints = (await ClientAsync(cache)).Endpoints }).CheckAsync(TimeSpan.Zero, Cancelled)).Hits);
        var endpoints = await Api.CoreV1.ReadNamespacedEndpointsAsync(cache.Name, Namespace, cancellationToken: Cancelled);
        Assert.Equal(
            (await cache.ProxiesAsync(Cancelled)).Select(pod => pod.Status.PodIP).Order(),
            endpoints.Subsets.SelectMany(subset => subset.Addresses ?? []).Select(address => address.Ip).Order());
        await AssertAlikeAsync(cache, client.Keys);
    }

    /// <summary>Cordons a zone's other nodes, so that its member and its proxy have to share one, which carries no copy of the operator.</summary>
    private async Task<string> NodeForBothAsync()
    {
        var operators = await new OperatorPods(Cluster).NodesAsync();
        var zone = (await Api.CoreV1.ListNodeAsync(cancellationToken: Cancelled)).Items
            .GroupBy(node => node.Metadata.Labels["topology.kubernetes.io/zone"], node => node.Metadata.Name)
            .First(nodes => !nodes.Intersect(operators).Any() && nodes.Count() > 1)
            .ToList();
        foreach (var other in zone.Skip(1)) await Mishaps.CordonAsync(other);
        return zone[0];
    }
}
