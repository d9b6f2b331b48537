using CacheOperator.ClusterTests.Setup;
using CacheOperator.Testbed.Kubernetes;
using k8s;
using k8s.Models;

namespace CacheOperator.ClusterTests;

/// <summary>
/// With three nodes and more than half of a zone gone Kubernetes takes its own eyes for the trouble and marks no pod there for deletion any more: whoever waits for that waits
/// for ever.
/// </summary>
[Trait("Suite", "Long")]
public sealed class MostNodesOfAZoneLost(ClusterFixture cluster) : Scenario(cluster)
{
    [Fact]
    public async Task Where_Kubernetes_evicts_nobody_the_last_node_of_the_zone_takes_all_its_members()
    {
        Cluster.SkipUnlessNodesCanBeStopped();
        var (large, other) = await WithFourNodesInAZoneAsync();

        // Longer than the toleration of 30 s: what Kubernetes would mark for deletion is marked when the operator acts.
        var cache = await CreateCacheAsync($"{{ memory: 64Mi, shards: 3, zones: [{large}, {other}], nodeLoss: {{ gracePeriod: 45s }} }}");
        var lost = (await cache.MembersAsync(Cancelled)).Where(pod => pod.Zone() == large).ToList();
        var nodes = lost.Select(pod => pod.Spec.NodeName).Distinct().ToList();
        Assert.Equal(3, nodes.Count);
        var last = (await NodesOfAsync(large)).Except(nodes).Single();
        var bystanders = await LivesAsync(cache, pod => pod.Zone() != large);
        var client = await ClientAsync(cache, exceptNodes: nodes) with { TimesToLive = [0, 3600, 86400] };
        var load = await StartFilledAsync(client);

        await Task.WhenAll(nodes.Select(Mishaps.StopNodeAsync));
        await cache.WaitForAsync("Degraded", "NodeLost", ReadyDeadline, Cancelled);
        var marked = await WaitForReplacementsAsync(cache, lost);
        TestContext.Current.TestOutputHelper?.WriteLine($"{marked} of {lost.Count} lost members were marked for deletion when they were replaced");
        await cache.WaitUntilReadyAsync(ReadyDeadline, Cancelled);

        AssertUndisturbed(await load.StopAsync(Cancelled));
        Assert.All((await cache.MembersAsync(Cancelled)).Where(pod => pod.Zone() == large), pod => Assert.Equal(last, pod.Spec.NodeName));
        Assert.Equal(bystanders, await LivesAsync(cache, pod => pod.Zone() != large));
        foreach (var pod in lost) await WaitUntilToldAsync(cache, "NodeLost", pod.Metadata.Name);
        await AssertAlikeAsync(cache, client.Keys);
    }

    /// <summary>Joins two zones of two nodes each, those where the operator is not, and leaves it the third.</summary>
    private async Task<(string Large, string Other)> WithFourNodesInAZoneAsync()
    {
        var operators = await new OperatorPods(Cluster).NodesAsync();
        var zones = (await Api.CoreV1.ListNodeAsync(cancellationToken: Cancelled)).Items
            .ToLookup(node => node.Metadata.Labels["topology.kubernetes.io/zone"], node => node.Metadata.Name);
        var other = zones.FirstOrDefault(zone => zone.Intersect(operators).Any())?.Key ?? zones.Last().Key;
        var joined = zones.Where(zone => zone.Key != other).ToList();
        if (joined.Count != 2 || joined.Any(zone => zone.Count() != 2)) Assert.Skip("this takes three zones of two nodes each");
        foreach (var node in joined[1]) await Mishaps.MoveNodeAsync(node, joined[0].Key);
        return (joined[0].Key, other);
    }

    /// <returns>How many of the lost pods were marked for deletion at last.</returns>
    private static async Task<int> WaitForReplacementsAsync(CacheView cache, IReadOnlyList<V1Pod> lost)
    {
        var marked = new HashSet<string>();
        await Testbed.Wait.UntilAsync("every lost member has a successor", ReadyDeadline, async () =>
        {
            var members = await cache.MembersAsync(Cancelled);
            var left = members.Where(pod => lost.Any(l => l.Metadata.Uid == pod.Metadata.Uid)).ToList();
            marked.UnionWith(left.Where(pod => pod.Metadata.DeletionTimestamp is not null).Select(pod => pod.Metadata.Uid));
            return left.Count == 0 ? null : $"left: {string.Join(", ", left.Select(pod => pod.Metadata.Name))}";
        }, Cancelled);
        return marked.Count;
    }
}
