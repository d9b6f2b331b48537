using CacheOperator.ClusterTests.Setup;
using CacheOperator.Testbed;
using CacheOperator.Testbed.Kubernetes;
using k8s.Models;

namespace CacheOperator.ClusterTests;

[Trait("Suite", "Long")]
public sealed class NodeDeleted(ClusterFixture cluster) : Scenario(cluster)
{
    [Fact]
    public async Task A_node_that_a_cloud_takes_away_is_made_up_for_and_missed_no_more_when_it_is_back()
    {
        Cluster.SkipUnlessNodesCanBeStopped();

        // Kubernetes itself waits for 40 s and more before it removes pods of a node that is no more.
        var cache = await CreateCacheAsync("{ nodeLoss: { gracePeriod: 10s } }");
        var lost = await ChooseAsync(cache);
        var bystanders = await LivesAsync(cache, pod => pod.Zone() != lost.Zone());
        var client = await ClientAsync(cache, exceptNodes: [lost.Spec.NodeName]);
        var load = await StartFilledAsync(client);

        await Mishaps.DeleteNodeAsync(lost.Spec.NodeName);
        await cache.WaitForAsync("Degraded", "NodeLost", ReadyDeadline, Cancelled);
        await Wait.UntilAsync($"a warm replacement of {lost.Metadata.Name}", ReadyDeadline, async () =>
            (await cache.MembersAsync(Cancelled)).Any(pod => pod.Metadata.Name == lost.Metadata.Name && pod.Metadata.Uid != lost.Metadata.Uid && pod.IsReady())
                ? null : "there is none", Cancelled);
        await cache.WaitUntilReadyAsync(ReadyDeadline, Cancelled);
        await WaitUntilToldAsync(cache, "NodeLost", lost.Spec.NodeName);

        var lives = await LivesAsync(cache);
        await Mishaps.MendNodeAsync(lost.Spec.NodeName, Cancelled);
        AssertUndisturbed(await load.ObserveAsync(5, Cancelled));
        AssertUndisturbed(await load.StopAsync(Cancelled));
        Assert.Equal(lives, await LivesAsync(cache));
        Assert.Equal(bystanders, await LivesAsync(cache, pod => pod.Zone() != lost.Zone()));
        Assert.True((await cache.GetAsync(Cancelled))!.IsReady);
        await AssertAlikeAsync(cache, client.Keys);
    }

    /// <summary>A member whose node carries no copy of the operator, which would have to be replaced first.</summary>
    private async Task<V1Pod> ChooseAsync(CacheView cache)
    {
        var operators = await new OperatorPods(Cluster).NodesAsync();
        var proxies = (await cache.ProxiesAsync(Cancelled)).Select(pod => pod.Spec.NodeName).ToHashSet();
        return (await cache.MembersAsync(Cancelled))
            .Where(pod => !operators.Contains(pod.Spec.NodeName))
            .MinBy(pod => proxies.Contains(pod.Spec.NodeName) ? 1 : 0)!;
    }
}
