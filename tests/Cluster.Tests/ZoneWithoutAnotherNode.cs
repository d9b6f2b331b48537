using CacheOperator.ClusterTests.Setup;
using CacheOperator.Testbed;
using CacheOperator.Testbed.Kubernetes;

namespace CacheOperator.ClusterTests;

public sealed class ZoneWithoutAnotherNode(ClusterFixture cluster) : Scenario(cluster)
{
    /// <summary>ZoneDown is said after the 30 s of grace, when elsewhere the pod would be deleted at once; the taint deletes it about now.</summary>
    private const int SecondsToDoNothing = 20;

    [Fact]
    public async Task Nothing_is_deleted_while_no_node_of_the_zone_could_take_the_pod()
    {
        Cluster.SkipUnlessNodesCanBeStopped();
        var cache = await CreateCacheAsync();
        var lost = await LossCandidate.ChooseAsync(cache, Cancelled);
        var client = await ClientAsync(cache, exceptNodes: [lost.Spec.NodeName]);
        await client.FillAsync(Cancelled);
        var load = StartLoad(client);
        await load.ObserveAsync(3, Cancelled);

        var spared = (await NodesOfAsync(lost.Zone()!)).Where(name => name != lost.Spec.NodeName).ToList();
        foreach (var node in spared) await Mishaps.CordonAsync(node);
        await Mishaps.StopNodeAsync(lost.Spec.NodeName);
        await Wait.UntilAsync("the cache says ZoneDown", TimeSpan.FromSeconds(90), async () =>
        {
            var resource = (await cache.GetAsync(Cancelled))!;
            return resource.Condition("Degraded") == "True" && resource.Reason("Degraded") == "ZoneDown" ? null : resource.ToString();
        }, Cancelled);
        AssertUndisturbed(await load.ObserveAsync(SecondsToDoNothing, Cancelled));
        Assert.Contains(await cache.MembersAsync(Cancelled), pod => pod.Metadata.Uid == lost.Metadata.Uid);

        // A node can take it again: now, and only now, it is replaced.
        foreach (var node in spared) await Mishaps.UncordonAsync(node, Cancelled);
        await cache.WaitUntilReadyAsync(TimeSpan.FromSeconds(120), Cancelled);
        Assert.DoesNotContain(await cache.MembersAsync(Cancelled), pod => pod.Metadata.Uid == lost.Metadata.Uid);
        AssertUndisturbed(await load.StopAsync(Cancelled));
    }
}
