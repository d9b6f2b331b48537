using CacheOperator.ClusterTests.Setup;
using CacheOperator.Testbed;

namespace CacheOperator.ClusterTests;

public sealed class InvalidCombinationChangesNothing(ClusterFixture cluster) : Scenario(cluster)
{
    [Fact]
    public async Task An_invalid_combination_is_reported_and_changes_nothing_that_runs()
    {
        var cache = await CreateCacheAsync();
        var before = await Snapshot.SettledAsync(Kubectl, Namespace, Snapshot.Workloads, Cancelled);

        // Each is fine by itself; together no item of the largest size has room. A schema cannot see that.
        var applied = await ApplyCacheAsync("{ memory: 64Mi, maxItemSize: 128Mi, proxy: { replicas: 5 } }");
        Assert.True(applied.Succeeded, applied.Error);
        await Wait.UntilAsync("Ready=False because of InvalidSpec", TimeSpan.FromSeconds(30), async () =>
        {
            var resource = (await cache.GetAsync(Cancelled))!;
            var seen = resource.Condition("Ready") == "False" && resource.Reason("Ready") == "InvalidSpec"
                && resource.Status.ObservedGeneration == resource.Metadata.Generation;
            return seen ? null : resource.ToString();
        }, Cancelled);
        Assert.Contains("maxItemSize", (await cache.GetAsync(Cancelled))!.ToString(), StringComparison.Ordinal);
        Assert.Equal(before, await Snapshot.TakeAsync(Kubectl, Namespace, Snapshot.Workloads, Cancelled));

        await CreateCacheAsync("{}");
        Assert.Equal(before, await Snapshot.TakeAsync(Kubectl, Namespace, Snapshot.Workloads, Cancelled));
    }
}
