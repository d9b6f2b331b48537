using CacheOperator.ClusterTests.Setup;
using CacheOperator.Testbed;
using CacheOperator.Testbed.Kubernetes;

namespace CacheOperator.ClusterTests;

[Trait("Suite", "Long")]
public sealed class TwoNodesOfAZoneLost(ClusterFixture cluster) : Scenario(cluster)
{
    /// <summary>ZoneDown is said when elsewhere the pods would be deleted at once.</summary>
    private const int SecondsToDoNothing = 10;

    [Fact]
    public async Task Members_of_a_dead_zone_are_left_alone_and_the_first_node_that_is_back_takes_them_all()
    {
        Cluster.SkipUnlessNodesCanBeStopped();
        var cache = await CreateCacheAsync("{ memory: 64Mi, shards: 2 }");
        var zone = (await cache.MembersAsync(Cancelled))[^1].Zone()!;
        var nodes = await NodesOfAsync(zone);
        var lost = await LivesAsync(cache, pod => pod.Zone() == zone);
        var bystanders = await LivesAsync(cache, pod => pod.Zone() != zone);
        Assert.Equal(2, (await cache.MembersAsync(Cancelled)).Where(pod => pod.Zone() == zone).Select(pod => pod.Spec.NodeName).Distinct().Count());
        var client = await ClientAsync(cache, exceptNodes: nodes.ToList()) with { TimesToLive = [0, 3600, 86400] };
        var load = await StartFilledAsync(client);

        await Task.WhenAll(nodes.Select(Mishaps.StopNodeAsync));
        await cache.WaitForAsync("Degraded", "ZoneDown", ReadyDeadline, Cancelled);
        AssertUndisturbed(await load.ObserveAsync(SecondsToDoNothing, Cancelled));
        Assert.Equal(lost, await LivesAsync(cache, pod => pod.Zone() == zone));
        Assert.Equal("True", (await cache.GetAsync(Cancelled))!.Condition("Available"));
        await WaitUntilToldAsync(cache, "ZoneDown", zone, "Warning");

        // Clients of the dead zone need proxies, and those may run anywhere.
        await Wait.UntilAsync("as many proxies as before, elsewhere", ReadyDeadline, async () =>
        {
            var proxies = (await cache.ProxiesAsync(Cancelled)).Where(pod => pod.IsReady() && !nodes.Contains(pod.Spec.NodeName)).ToList();
            return proxies.Count == 3 ? null : $"there are {proxies.Count}";
        }, Cancelled);

        // The other node stays away for good.
        await Mishaps.MendNodeAsync(nodes[0], Cancelled);
        await cache.WaitUntilReadyAsync(ReadyDeadline, Cancelled);
        AssertUndisturbed(await load.StopAsync(Cancelled));
        var members = await cache.MembersAsync(Cancelled);
        Assert.All(members.Where(pod => pod.Zone() == zone), pod => Assert.Equal(nodes[0], pod.Spec.NodeName));
        Assert.Equal(lost.Count, members.Count(pod => pod.Zone() == zone));
        Assert.Equal(bystanders, await LivesAsync(cache, pod => pod.Zone() != zone));
        Assert.Equal("False", (await cache.GetAsync(Cancelled))!.Condition("Degraded"));
        await AssertAlikeAsync(cache, client.Keys);
    }
}
