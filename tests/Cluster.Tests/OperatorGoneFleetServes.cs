using CacheOperator.ClusterTests.Setup;
using CacheOperator.Testbed;
using CacheOperator.Testbed.Kubernetes;

namespace CacheOperator.ClusterTests;

public sealed class OperatorGoneFleetServes(ClusterFixture cluster) : Scenario(cluster)
{
    [Fact]
    public async Task Without_the_operator_the_fleet_serves_and_a_new_proxy_joins_it()
    {
        var cache = await CreateCacheAsync();
        var members = await LivesAsync(cache);
        var client = await ClientAsync(cache);
        await client.FillAsync(Cancelled);
        var load = StartLoad(client);

        await Cluster.Operator.UninstallAsync(Cancelled);
        try
        {
            AssertUndisturbed(await load.ObserveAsync(10, Cancelled));
            AssertUndisturbed(await load.StopAsync(Cancelled));

            // A new proxy has nobody to push it a topology: it starts from the mounted one.
            var replaced = (await cache.ProxiesAsync(Cancelled))[0];
            await Kubectl.RunAsync(Cancelled, "delete", "pod", replaced.Metadata.Name, "--namespace", Namespace);
            await Wait.UntilAsync("a new proxy is ready", TimeSpan.FromSeconds(60), async () =>
            {
                var proxies = await cache.ProxiesAsync(Cancelled);
                return proxies.Count(pod => pod.IsReady() && pod.Metadata.Uid != replaced.Metadata.Uid) == 3 ? null : string.Join(", ", proxies.Select(pod => pod.Life()));
            }, Cancelled);
            Assert.Equal(client.Keys, (await (await ClientAsync(cache)).CheckAsync(TimeSpan.Zero, Cancelled)).Hits);
            Assert.Equal(members, await LivesAsync(cache));
        }
        finally
        {
            await Cluster.Operator.InstallAsync(CancellationToken.None);
        }

        await cache.WaitUntilReadyAsync(ReadyDeadline, Cancelled);
        Assert.Equal(members, await LivesAsync(cache));
    }
}
