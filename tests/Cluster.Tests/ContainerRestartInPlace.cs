using CacheOperator.ClusterTests.Setup;
using CacheOperator.Testbed.Kubernetes;

namespace CacheOperator.ClusterTests;

public sealed class ContainerRestartInPlace(ClusterFixture cluster) : Scenario(cluster)
{
    [Fact]
    public async Task A_restarted_container_is_seen_as_cold_and_never_served_empty()
    {
        Cluster.SkipUnlessMachinesAreWithinReach();
        var cache = await CreateCacheAsync();
        var victim = (await cache.MembersAsync(Cancelled))[0];
        var incarnation = await IncarnationAsync(cache, victim.Metadata.Uid);
        var client = await ClientAsync(cache, zone: victim.Zone());
        var load = await StartFilledAsync(client);

        await Cluster.Nodes.KillAsync(victim.Metadata.Uid, "memcached", Cancelled);

        // Same pod, same address, gate still True by the kubelet: only the process tells.
        await WaitUntilRestartedAsync(cache, victim.Metadata.Uid, incarnation);
        await load.ObserveAsync(3, Cancelled);
        AssertUndisturbed(await load.StopAsync(Cancelled));

        Assert.Contains(await cache.EventsAsync(Cancelled), e => e.Reason == "MemberRestarted" && e.Message.Contains(victim.Metadata.Name, StringComparison.Ordinal));
        var restarted = (await cache.MembersAsync(Cancelled)).Single(pod => pod.Metadata.Uid == victim.Metadata.Uid);
        Assert.Equal(victim.Status.ContainerStatuses[0].RestartCount + 1, restarted.Status.ContainerStatuses[0].RestartCount);
        await AssertAlikeAsync(cache, client.Keys);
    }
}
