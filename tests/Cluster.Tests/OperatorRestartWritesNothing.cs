using CacheOperator.ClusterTests.Setup;
using CacheOperator.Testbed;
using CacheOperator.Testbed.Kubernetes;

namespace CacheOperator.ClusterTests;

public sealed class OperatorRestartWritesNothing(ClusterFixture cluster) : Scenario(cluster)
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Restarting_the_operator_writes_to_no_object_and_restarts_no_pod()
    {
        var cache = await CreateCacheAsync();
        Assert.Equal(1000, (await (await ClientAsync(cache) with { Keys = 1000 }).FillAsync(Cancelled)).Writes);
        IReadOnlyList<string> before = [];
        await Wait.UntilAsync("nothing changes any more", TimeSpan.FromSeconds(90), async () =>
        {
            var earlier = await Snapshot.TakeAsync(Kubectl, Namespace, Snapshot.Everything, Cancelled);
            await Task.Delay(Quiet, Cancelled);
            before = await Snapshot.TakeAsync(Kubectl, Namespace, Snapshot.Everything, Cancelled);
            return earlier.SequenceEqual(before) ? null : $"changed: {string.Join(", ", before.Except(earlier))}";
        }, Cancelled);

        await Cluster.RestartOperatorAsync(Cancelled);
        await WatchItWorkAsync();

        Assert.Equal(before, await Snapshot.TakeAsync(Kubectl, Namespace, Snapshot.Everything, Cancelled));
    }

    /// <summary>A second cache, in a namespace of its own, shows that the new leader has been through its work.</summary>
    private async Task WatchItWorkAsync()
    {
        var other = $"{Namespace}-2";
        await Kubectl.RunAsync(Cancelled, "create", "namespace", other);
        try
        {
            var manifest = "{apiVersion: cacheoperator.dev/v1alpha1, kind: ReplicatedCache, metadata: {name: second}, spec: {}}";
            var applied = await Kubectl.ApplyAsync(manifest, other, Cancelled);
            Assert.True(applied.Succeeded, applied.Error);
            await new CacheView(Api, other, "second").WaitUntilReadyAsync(ReadyDeadline, Cancelled);
        }
        finally
        {
            await Kubectl.RunAsync(CancellationToken.None, "delete", "namespace", other, "--timeout=120s");
        }
    }
}
