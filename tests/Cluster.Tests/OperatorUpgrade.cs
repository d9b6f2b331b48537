using CacheOperator.ClusterTests.Setup;
using CacheOperator.Testbed.Clusters;

namespace CacheOperator.ClusterTests;

[Trait("Suite", "Long")]
public sealed class OperatorUpgrade(ClusterFixture cluster) : Scenario(cluster)
{
    private const string NewTag = "0.1.1-upgrade";

    [Fact]
    public async Task Helm_upgrade_to_another_version_of_the_operator_rolls_no_pod_and_writes_to_nothing_of_a_fleet()
    {
        Assert.SkipUnless(Cluster.Nodes is LocalTestCluster, "only the local cluster can be given another image");
        var local = (LocalTestCluster)Cluster.Nodes;
        var cache = await CreateCacheAsync();
        var client = await ClientAsync(cache);
        var load = await StartFilledAsync(client);
        await local.AddOperatorImageAsync(NewTag, Cancelled);
        var before = await Snapshot.SettledAsync(Kubectl, Namespace, Snapshot.Fleet, Cancelled);
        var generation = (await cache.GetAsync(Cancelled))!.Metadata.Generation;

        var operators = new OperatorPods(Cluster);
        try
        {
            await (Cluster.Operator with { Values = [.. Cluster.Operator.Values, $"image.tag={NewTag}"] }).InstallAsync(Cancelled);
            await WatchOperatorWorkAsync();
            Assert.EndsWith($":{NewTag}", (await operators.LeaderAsync()).Spec.Containers[0].Image, StringComparison.Ordinal);
            Assert.Equal(before, await Snapshot.TakeAsync(Kubectl, Namespace, Snapshot.Fleet, Cancelled));
        }
        finally
        {
            await Cluster.Operator.InstallAsync(CancellationToken.None);
        }

        // And back, as a rollback does.
        await WatchOperatorWorkAsync();
        AssertUndisturbed(await load.StopAsync(Cancelled));
        Assert.Equal(before, await Snapshot.TakeAsync(Kubectl, Namespace, Snapshot.Fleet, Cancelled));
        Assert.Equal(generation, (await cache.GetAsync(Cancelled))!.Metadata.Generation);
        Assert.True((await cache.GetAsync(Cancelled))!.IsReady);
        await AssertAlikeAsync(cache, client.Keys);
    }
}
