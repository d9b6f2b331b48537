using CacheOperator.ClusterTests.Setup;
using CacheOperator.Testbed.Kubernetes;

namespace CacheOperator.ClusterTests;

[Trait("Suite", "Long")]
public sealed class DrainOfANode(ClusterFixture cluster) : Scenario(cluster)
{
    [Fact]
    public async Task A_cordon_changes_nothing_and_drains_take_members_one_after_the_other()
    {
        var cache = await CreateCacheAsync();
        var members = await cache.MembersAsync(Cancelled);
        var drained = members.Take(2).ToList();
        var nodes = drained.Select(pod => pod.Spec.NodeName).ToList();
        var zones = drained.Select(pod => pod.Zone()).ToList();
        var staying = await LivesAsync(cache, pod => !zones.Contains(pod.Zone()));
        var client = await ClientAsync(cache, exceptNodes: nodes);
        Assert.Equal(client.Keys, (await client.FillAsync(Cancelled)).Writes);
        var load = StartLoad(client);

        foreach (var node in nodes) await Mishaps.CordonAsync(node);
        AssertUndisturbed(await load.ObserveAsync(5, Cancelled));
        Assert.Equal(members.Select(pod => pod.Life()), await LivesAsync(cache));
        Assert.True((await cache.GetAsync(Cancelled))!.IsReady);

        await Task.WhenAll(nodes.Select(node => Kubectl.RunAsync(Cancelled, "drain", node, "--ignore-daemonsets", "--delete-emptydir-data", "--timeout=180s")));

        await cache.WaitUntilReadyAsync(ReadyDeadline, Cancelled);
        AssertUndisturbed(await load.StopAsync(Cancelled));
        var moved = (await cache.MembersAsync(Cancelled)).Where(pod => zones.Contains(pod.Zone())).ToList();
        Assert.All(moved, pod => Assert.DoesNotContain(pod.Spec.NodeName, nodes));
        AssertOneAfterTheOther(moved);
        Assert.Equal(staying, await LivesAsync(cache, pod => !zones.Contains(pod.Zone())));
        await AssertAlikeAsync(cache, client.Keys);
    }
}
