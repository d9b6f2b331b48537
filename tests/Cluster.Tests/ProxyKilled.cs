using CacheOperator.ClusterTests.Setup;
using CacheOperator.Testbed;
using CacheOperator.Testbed.Kubernetes;
using k8s;

namespace CacheOperator.ClusterTests;

public sealed class ProxyKilled(ClusterFixture cluster) : Scenario(cluster)
{
    [Fact]
    public async Task The_other_proxies_serve_on_and_a_client_that_reconnects_sees_no_error()
    {
        Cluster.SkipUnlessMachinesAreWithinReach();
        var cache = await CreateCacheAsync();
        var lives = await LivesAsync(cache);
        var victim = (await cache.ProxiesAsync(Cancelled))[0];
        var others = await ClientAsync(cache, exceptNodes: [victim.Spec.NodeName]);
        Assert.Equal(others.Keys, (await others.FillAsync(Cancelled)).Writes);
        var service = await Api.CoreV1.ReadNamespacedServiceAsync(cache.Name, Namespace, cancellationToken: Cancelled);
        var reconnecting = others with { Endpoints = [$"{service.Spec.ClusterIP}:{CacheView.MemcachedPort}"], ConnectionsPerEndpoint = 12, Attempts = 20 };
        await Wait.UntilAsync("the Service leads to a proxy", ReadyDeadline, async () =>
        {
            var read = await reconnecting.CheckAsync(TimeSpan.Zero, Cancelled);
            return read.Hits == reconnecting.Keys ? null : read.ToString();
        }, Cancelled);
        var (undisturbed, reconnected) = (StartLoad(others), StartLoad(reconnecting));
        AssertUndisturbed(await undisturbed.ObserveAsync(3, Cancelled));
        AssertUndisturbed(await reconnected.ObserveAsync(3, Cancelled));

        await Cluster.Nodes.KillAsync(victim.Metadata.Uid, "cache-proxy", Cancelled);

        await Wait.UntilAsync("the killed proxy is back", ReadyDeadline, async () =>
        {
            var pod = (await cache.ProxiesAsync(Cancelled)).Single(proxy => proxy.Metadata.Uid == victim.Metadata.Uid);
            return pod.Life() != victim.Life() && pod.IsReady() ? null : pod.Life();
        }, Cancelled);
        await cache.WaitUntilReadyAsync(ReadyDeadline, Cancelled);
        AssertUndisturbed(await undisturbed.StopAsync(Cancelled));
        AssertUndisturbed(await reconnected.StopAsync(Cancelled));
        Assert.Equal(others.Keys, (await (await ClientAsync(cache)).CheckAsync(TimeSpan.Zero, Cancelled)).Hits);
        Assert.Equal(lives, await LivesAsync(cache));
    }
}
