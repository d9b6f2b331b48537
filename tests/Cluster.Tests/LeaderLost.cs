using System.Diagnostics;
using CacheOperator.ClusterTests.Setup;
using CacheOperator.Testbed;
using CacheOperator.Testbed.Install;
using k8s;
using k8s.Models;

namespace CacheOperator.ClusterTests;

[Trait("Suite", "Long")]
public sealed class LeaderLost(ClusterFixture cluster) : Scenario(cluster)
{
    private readonly OperatorPods _operator = new(cluster);

    [Fact]
    public Task A_leader_that_is_killed_is_followed_by_one_that_acts() =>
        ActsAfterAsync("killed", leader => Cluster.Nodes.KillAsync(leader.Metadata.Uid, "cache-operator", Cancelled));

    [Fact]
    public Task A_leader_that_is_told_to_go_is_followed_by_another_that_acts() => ActsAfterAsync("told to go", async leader =>
    {
        await Kubectl.RunAsync(Cancelled, "delete", "pod", leader.Metadata.Name, "--namespace", OperatorRelease.Namespace, "--wait=false");
        await _operator.WaitForAnotherAsync(leader.Metadata.Name);
    });

    [Fact]
    public Task A_leader_whose_node_is_lost_is_followed_by_another_that_acts() =>
        ActsAfterAsync("lost with its node", leader => Mishaps.StopNodeAsync(leader.Spec.NodeName));

    /// <summary>Two copies of the operator; the leader is lost, and at the same moment there is something to do.</summary>
    private async Task ActsAfterAsync(string lost, Func<V1Pod, Task> mishap)
    {
        Cluster.SkipUnlessMachinesAreWithinReach();
        await Cluster.ScaleOperatorAsync(2, Cancelled);
        try
        {
            var cache = await CreateCacheAsync();
            var leader = await _operator.LeaderAsync();
            var client = await ClientAsync(cache, exceptNodes: [leader.Spec.NodeName]) with { TimesToLive = [0, 3600, 86400] };
            var load = await StartFilledAsync(client);

            var watch = Stopwatch.StartNew();
            await mishap(leader);
            await Kubectl.RunAsync(Cancelled, "delete", "service", "sessions-memcached", "--namespace", Namespace);
            await Wait.UntilAsync("what was deleted is back", ReadyDeadline, async () =>
            {
                await Api.CoreV1.ReadNamespacedServiceAsync("sessions-memcached", Namespace, cancellationToken: Cancelled);
                return null;
            }, Cancelled);
            TestContext.Current.TestOutputHelper?.WriteLine($"{watch.Elapsed.TotalSeconds:0.0} s after the leader was {lost}, a Service that was deleted then was back");

            await Mishaps.MendAsync(Cancelled);
            await cache.WaitUntilReadyAsync(ReadyDeadline, Cancelled);
            AssertUndisturbed(await load.StopAsync(Cancelled));
            Assert.Equal(client.Keys, (await client.CheckAsync(TimeSpan.Zero, Cancelled)).Hits);
        }
        finally
        {
            await Cluster.ScaleOperatorAsync(1, CancellationToken.None);
        }
    }
}
