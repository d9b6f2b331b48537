using CacheOperator.ClusterTests.Setup;
using CacheOperator.Testbed.Kubernetes;

namespace CacheOperator.ClusterTests;

[Trait("Suite", "Long")]
public sealed class WholeZoneLost(ClusterFixture cluster) : Scenario(cluster)
{
    [Fact]
    public async Task All_nodes_of_a_zone_at_once_are_missed_by_no_client_and_filled_again_when_they_are_back()
    {
        Cluster.SkipUnlessNodesCanBeStopped();
        var cache = await CreateCacheAsync();
        var zone = (await cache.MembersAsync(Cancelled))[^1].Zone()!;
        var nodes = await NodesOfAsync(zone);
        var bystanders = await LivesAsync(cache, pod => pod.Zone() != zone);
        var client = await ClientAsync(cache, exceptNodes: nodes) with { TimesToLive = [0, 3600, 86400] };
        var load = await StartFilledAsync(client);

        await Task.WhenAll(nodes.Select(Mishaps.StopNodeAsync));
        await cache.WaitForAsync("Degraded", "ZoneDown", ReadyDeadline, Cancelled);
        AssertUndisturbed(await load.ObserveAsync(5, Cancelled));
        Assert.Equal("True", (await cache.GetAsync(Cancelled))!.Condition("Available"));
        Assert.Contains(await cache.EventsAsync(Cancelled), e => e.Reason == "ZoneDown" && e.Type == "Warning");

        foreach (var node in nodes) await Mishaps.MendNodeAsync(node, Cancelled);
        await cache.WaitUntilReadyAsync(ReadyDeadline, Cancelled);
        AssertUndisturbed(await load.StopAsync(Cancelled));
        Assert.Equal(bystanders, await LivesAsync(cache, pod => pod.Zone() != zone));
        await AssertAlikeAsync(cache, client.Keys);
    }
}
