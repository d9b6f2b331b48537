using CacheOperator.ClusterTests.Setup;
using CacheOperator.Testbed;
using CacheOperator.Testbed.Kubernetes;
using k8s.Models;

namespace CacheOperator.ClusterTests;

[Trait("Suite", "Long")]
public sealed class CordonedNode(ClusterFixture cluster) : Scenario(cluster)
{
    [Fact]
    public async Task A_member_serves_on_restarts_in_place_and_is_replaced_elsewhere_or_as_soon_as_a_node_may_take_it()
    {
        Cluster.SkipUnlessMachinesAreWithinReach();
        var cache = await CreateCacheAsync();
        var victim = (await cache.MembersAsync(Cancelled))[0];
        var zone = victim.Zone()!;
        var bystanders = await LivesAsync(cache, pod => pod.Zone() != zone);
        var client = await ClientAsync(cache);
        var load = await StartFilledAsync(client);

        await Mishaps.CordonAsync(victim.Spec.NodeName);
        AssertUndisturbed(await load.ObserveAsync(5, Cancelled));
        Assert.True((await cache.GetAsync(Cancelled))!.IsReady);
        Assert.Contains(victim.Life(), await LivesAsync(cache));

        // A restart in place needs no scheduler.
        var incarnation = await IncarnationAsync(cache, victim.Metadata.Uid);
        await Cluster.Nodes.KillAsync(victim.Metadata.Uid, "memcached", Cancelled);
        await WaitUntilRestartedAsync(cache, victim.Metadata.Uid, incarnation);

        var replacement = await ReplaceAsync(cache, victim);
        Assert.NotEqual(victim.Spec.NodeName, replacement.Spec.NodeName);

        // No node of the zone is left that takes it.
        foreach (var node in await NodesOfAsync(zone)) await Mishaps.CordonAsync(node);
        await Kubectl.RunAsync(Cancelled, "delete", "pod", replacement.Metadata.Name, "--namespace", Namespace);
        await cache.WaitForAsync("Degraded", "PodUnschedulable", ReadyDeadline, Cancelled);
        await WaitUntilToldAsync(cache, "PodUnschedulable", replacement.Metadata.Name, "Warning");
        AssertUndisturbed(await load.ObserveAsync(3, Cancelled));
        await Mishaps.UncordonAsync(victim.Spec.NodeName, Cancelled);
        await cache.WaitUntilReadyAsync(ReadyDeadline, Cancelled);

        AssertUndisturbed(await load.StopAsync(Cancelled));
        Assert.Equal(victim.Spec.NodeName, (await cache.MembersAsync(Cancelled)).Single(pod => pod.Zone() == zone).Spec.NodeName);
        Assert.Equal(bystanders, await LivesAsync(cache, pod => pod.Zone() != zone));
        await AssertAlikeAsync(cache, client.Keys);
    }

    /// <summary>Deletes a member's pod and waits for a warm one of its name.</summary>
    private async Task<V1Pod> ReplaceAsync(CacheView cache, V1Pod member)
    {
        await Kubectl.RunAsync(Cancelled, "delete", "pod", member.Metadata.Name, "--namespace", Namespace);
        V1Pod? replacement = null;
        await Wait.UntilAsync($"a warm replacement of {member.Metadata.Name}", ReadyDeadline, async () =>
        {
            replacement = (await cache.MembersAsync(Cancelled)).SingleOrDefault(pod => pod.Metadata.Name == member.Metadata.Name && pod.Metadata.Uid != member.Metadata.Uid);
            return replacement?.IsReady() == true ? null : "there is none";
        }, Cancelled);
        await cache.WaitUntilReadyAsync(ReadyDeadline, Cancelled);
        return replacement!;
    }
}
