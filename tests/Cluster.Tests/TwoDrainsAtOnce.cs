using CacheOperator.ClusterTests.Setup;
using CacheOperator.Testbed.Kubernetes;

namespace CacheOperator.ClusterTests;

[Trait("Suite", "Long")]
public sealed class TwoDrainsAtOnce(ClusterFixture cluster) : Scenario(cluster)
{
    [Fact]
    public async Task Drains_of_nodes_of_two_zones_take_members_one_after_the_other_and_each_only_when_the_last_is_warm()
    {
        var cache = await CreateCacheAsync("{ memory: 64Mi, shards: 2 }");
        var members = await cache.MembersAsync(Cancelled);

        // Of the same shard: both at once would leave it with one copy of three.
        var drained = members.Where(pod => pod.Metadata.Name.EndsWith("-0", StringComparison.Ordinal)).Take(2).ToList();
        var nodes = drained.Select(pod => pod.Spec.NodeName).ToList();
        var staying = await LivesAsync(cache, pod => !nodes.Contains(pod.Spec.NodeName));
        var client = await ClientAsync(cache, exceptNodes: nodes) with { TimesToLive = [0, 3600, 86400] };
        var load = await StartFilledAsync(client);
        await using var watch = await ReadyWatch.StartAsync(Api, cache, Cancelled);

        await Task.WhenAll(nodes.Select(node => Kubectl.RunAsync(Cancelled, "drain", Mishaps.ToUncordon(node), "--ignore-daemonsets", "--delete-emptydir-data", "--timeout=180s")));
        await cache.WaitUntilReadyAsync(ReadyDeadline, Cancelled);
        AssertUndisturbed(await load.StopAsync(Cancelled));

        var moved = (await cache.MembersAsync(Cancelled)).Where(pod => drained.All(old => old.Metadata.Uid != pod.Metadata.Uid) && !staying.Contains(pod.Life())).ToList();
        Assert.Equal(drained.Select(pod => pod.Metadata.Name), moved.Select(pod => pod.Metadata.Name));
        Assert.All(moved, pod => Assert.DoesNotContain(pod.Spec.NodeName, nodes));
        AssertOneAfterTheOther(moved);
        Assert.True(watch.Worst.Zones == 1, watch.Worst.When);
        Assert.Equal(staying, await LivesAsync(cache, pod => moved.All(m => m.Metadata.Uid != pod.Metadata.Uid)));
        await AssertAlikeAsync(cache, client.Keys);
    }
}
