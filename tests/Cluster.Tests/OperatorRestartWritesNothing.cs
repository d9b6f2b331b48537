using CacheOperator.ClusterTests.Setup;
using CacheOperator.Testbed;
using CacheOperator.Testbed.Kubernetes;

namespace CacheOperator.ClusterTests;

public sealed class OperatorRestartWritesNothing(ClusterFixture cluster) : Scenario(cluster)
{
    [Fact]
    public async Task Restarting_the_operator_writes_to_no_object_and_restarts_no_pod()
    {
        var cache = await CreateCacheAsync();
        Assert.Equal(1000, (await (await ClientAsync(cache) with { Keys = 1000 }).FillAsync(Cancelled)).Writes);
        await WaitForNumbersAsync(cache, keys: 1000);
        var before = await Snapshot.SettledAsync(Kubectl, Namespace, Snapshot.Everything, Cancelled);

        await Cluster.RestartOperatorAsync(Cancelled);
        await WatchOperatorWorkAsync();

        Assert.Equal(before, await Snapshot.TakeAsync(Kubectl, Namespace, Snapshot.Everything, Cancelled));
    }

    /// <summary>Numbers that changed notably are written once a minute: a write that is still due is not one of the restart's.</summary>
    private static Task<TimeSpan> WaitForNumbersAsync(CacheView cache, int keys) =>
        Wait.UntilAsync("the status shows the keys of every zone", TimeSpan.FromMinutes(3), async () =>
        {
            var zones = (await cache.GetAsync(Cancelled))?.Status?.Zones ?? [];
            return zones.Count > 0 && zones.All(zone => zone.Items > keys * 9 / 10) ? null : string.Join(", ", zones.Select(zone => $"{zone.Name}: {zone.Items}"));
        }, Cancelled);
}
