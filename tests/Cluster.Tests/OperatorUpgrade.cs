using CacheOperator.ClusterTests.Setup;
using CacheOperator.Testbed;
using CacheOperator.Testbed.Clusters;

namespace CacheOperator.ClusterTests;

[Trait("Suite", "Long")]
public sealed class OperatorUpgrade(ClusterFixture cluster) : Scenario(cluster)
{
    private const string NewTag = "0.1.1-upgrade";

    [Fact]
    public async Task Helm_upgrade_to_another_version_of_the_operator_rolls_no_pod_until_its_images_are_asked_for()
    {
        Assert.SkipUnless(Cluster.Nodes is LocalTestCluster, "only the local cluster can be given another image");
        var local = (LocalTestCluster)Cluster.Nodes;
        var cache = await CreateCacheAsync();
        var client = await ClientAsync(cache);
        var load = await StartFilledAsync(client);
        var version = await local.AddVersionAsync(NewTag, Cancelled);
        var before = await Snapshot.SettledAsync(Kubectl, Namespace, Snapshot.Fleet, Cancelled);
        var generation = (await cache.GetAsync(Cancelled))!.Metadata.Generation;

        var operators = new OperatorPods(Cluster);
        try
        {
            await (Cluster.Operator with { Values = [.. Cluster.Operator.Values, $"image.tag={NewTag}", $"images.proxy={version.Proxy}"] }).InstallAsync(Cancelled);
            await WatchOperatorWorkAsync();
            Assert.EndsWith($":{NewTag}", (await operators.LeaderAsync()).Spec.Containers[0].Image, StringComparison.Ordinal);
            Assert.Equal(before, await Snapshot.TakeAsync(Kubectl, Namespace, Snapshot.Fleet, Cancelled));
            Assert.Equal("True", (await cache.GetAsync(Cancelled))!.Condition("UpdateAvailable"));

            // Its proxies come when they are asked for, and take no member with them.
            AssertUndisturbed(await load.StopAsync(Cancelled));
            var members = await LivesAsync(cache);
            await Kubectl.RunAsync(Cancelled, "annotate", "rcache", "sessions", "--namespace", Namespace, "cacheoperator.dev/update-images=now");
            await Wait.UntilAsync("all proxies are of the new version", ReadyDeadline, async () =>
            {
                var images = (await cache.ProxiesAsync(Cancelled)).Select(pod => pod.Spec.Containers[0].Image).ToList();
                return images.All(image => image == version.Proxy) ? null : string.Join(", ", images);
            }, Cancelled);
            await cache.WaitUntilReadyAsync(ReadyDeadline, Cancelled);
            await WaitUntilToldAsync(cache, "ImagesUpdated", version.Proxy);
            Assert.Null((await cache.GetAsync(Cancelled))!.Condition("UpdateAvailable"));
            Assert.Equal(members, await LivesAsync(cache));
            before = await Snapshot.SettledAsync(Kubectl, Namespace, Snapshot.Fleet, Cancelled);
            load = StartLoad(await ClientAsync(cache));
        }
        finally
        {
            await Cluster.Operator.InstallAsync(CancellationToken.None);
        }

        // And back, as a rollback does: the proxies stay as well.
        await WatchOperatorWorkAsync();
        AssertUndisturbed(await load.StopAsync(Cancelled));
        Assert.Equal(before, await Snapshot.TakeAsync(Kubectl, Namespace, Snapshot.Fleet, Cancelled));
        Assert.Equal(generation, (await cache.GetAsync(Cancelled))!.Metadata.Generation);
        Assert.True((await cache.GetAsync(Cancelled))!.IsReady);
        await AssertAlikeAsync(cache, client.Keys);
    }
}
