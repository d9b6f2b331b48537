using CacheOperator.ClusterTests.Setup;
using CacheOperator.Testbed;
using CacheOperator.Testbed.Kubernetes;
using k8s.Models;

namespace CacheOperator.ClusterTests;

public sealed class NodeLossUnderLoad(ClusterFixture cluster) : Scenario(cluster)
{
    private static readonly TimeSpan ReplacedDeadline = TimeSpan.FromSeconds(150);

    [Fact]
    public async Task A_lost_nodes_member_is_replaced_and_filled_and_no_client_notices()
    {
        Cluster.SkipUnlessNodesCanBeStopped();
        var cache = await CreateCacheAsync();
        var lost = await LossCandidate.ChooseAsync(cache, Cancelled);
        var bystanders = await LivesAsync(cache, pod => pod.Zone() != lost.Zone());
        var client = await ClientAsync(cache, exceptNodes: [lost.Spec.NodeName]);
        var load = await StartFilledAsync(client, seconds: 5);

        await Mishaps.StopNodeAsync(lost.Spec.NodeName);

        await Wait.UntilAsync("the cache says that a member is missing", TimeSpan.FromSeconds(60), async () =>
        {
            var resource = (await cache.GetAsync(Cancelled))!;
            return resource.Condition("Ready") == "False" || resource.Condition("Degraded") == "True" ? null : resource.ToString();
        }, Cancelled);
        var replacement = await WaitForReplacementAsync(cache, lost);
        await cache.WaitUntilReadyAsync(ReadyDeadline, Cancelled);
        await load.ObserveAsync(5, Cancelled);
        AssertUndisturbed(await load.StopAsync(Cancelled));

        Assert.NotEqual(lost.Spec.NodeName, replacement.Spec.NodeName);
        Assert.Equal(bystanders, await LivesAsync(cache, pod => pod.Zone() != lost.Zone()));
        await AssertAlikeAsync(cache, client.Keys);
        await AssertToldAsync(cache, lost, replacement);
    }

    private static async Task<V1Pod> WaitForReplacementAsync(CacheView cache, V1Pod lost)
    {
        V1Pod? replacement = null;
        var openedCold = false;
        await Wait.UntilAsync($"a warm replacement of {lost.Metadata.Name}", ReplacedDeadline, async () =>
        {
            replacement = (await cache.MembersAsync(Cancelled)).SingleOrDefault(pod => pod.Metadata.Name == lost.Metadata.Name && pod.Metadata.Uid != lost.Metadata.Uid);
            if (replacement is null) return "there is none";
            var member = (await cache.TopologyAsync(Cancelled)).Members.SingleOrDefault(m => m.Uid == replacement.Metadata.Uid);
            openedCold |= replacement.IsWarm() && member?.State != Topology.MemberState.Ready;
            return replacement.IsReady() && replacement.IsWarm()
                ? null
                : $"it is {replacement.Status.Phase}, {member?.State.ToString() ?? "not in the topology"}, its gate {(replacement.IsWarm() ? "open" : "shut")}";
        }, Cancelled);
        Assert.False(openedCold, "the gate was open before the member was Ready");
        return replacement!;
    }

    private static async Task AssertToldAsync(CacheView cache, V1Pod lost, V1Pod replacement)
    {
        var events = await cache.EventsAsync(Cancelled);
        Assert.Contains(events, e => e.Message.Contains(lost.Spec.NodeName, StringComparison.Ordinal) && e.Reason.StartsWith("NodeLost", StringComparison.Ordinal));
        Assert.Contains(events, e => e.Reason.StartsWith("WarmUp", StringComparison.Ordinal) && e.Message.Contains(replacement.Metadata.Name, StringComparison.Ordinal));
    }
}
