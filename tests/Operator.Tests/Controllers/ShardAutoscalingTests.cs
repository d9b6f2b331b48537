using CacheOperator.Operator.Api;
using CacheOperator.Operator.Status;
using CacheOperator.Operator.Tests.ApiServer;
using CacheOperator.Topology;
using k8s.Models;

namespace CacheOperator.Operator.Tests.Controllers;

[Collection(KubeApiServer.Collection)]
public sealed class ShardAutoscalingTests(KubeApiServer server)
{
    private static readonly MemberStatistics Full = new() { CurrItems = 1000, Bytes = 90, LimitMaxBytes = 100, Evictions = 5 };
    private static readonly MemberStatistics NearlyEmpty = new() { CurrItems = 1000, Bytes = 10, LimitMaxBytes = 100, Evictions = 5 };

    private readonly string _a = $"a-{Guid.NewGuid():N}"[..10];
    private readonly string _b = $"b-{Guid.NewGuid():N}"[..10];

    [Fact]
    public async Task Shards_come_and_go_with_the_load_whatever_a_manifest_says_again()
    {
        await using var cluster = await ClusterStandIn.RunningAsync(server, _a, _b, new ReplicatedCacheSpec
        {
            ShardAutoscaling = new ShardAutoscalingSpec { MaxShards = 2, ScaleOutAfter = "1s", ScaleInAfter = "1s", Cooldown = "1s" },
        });
        Report(cluster, Full);
        await QuietAsync(cluster);
        Assert.Equal(("True", Reasons.ShardsFit), await ConditionAsync(cluster));
        Assert.Null((await cluster.TopologyAsync()).Resharding);

        foreach (var proxy in cluster.Proxies) proxy.HoldCopies = true;
        await UntilPressedAsync(cluster, "True", Reasons.ScalingOut);
        await cluster.EditAsync(s => s with { Shards = 1, Monitoring = new MonitoringSpec() });
        foreach (var zone in new[] { _a, _b })
        {
            await ClusterStandIn.Until(async () => (await cluster.StatefulSetAsync(zone))?.Spec.Replicas == 2, $"two members in {zone}");
            await cluster.RunMemberAsync(zone, $"node-{zone}-2", ordinal: 1);
        }

        foreach (var proxy in cluster.Proxies) proxy.HoldCopies = false;
        await cluster.UntilReason(Reasons.AllZonesServing);
        Assert.Equal((2, 1), ((await cluster.CacheAsync()).Status!.Shards, (await cluster.CacheAsync()).Spec.Shards));
        await UntilPressedAsync(cluster, "False", Reasons.AtMaximumShards);

        // As after a restart of the operator: evictions of an earlier minute are not remembered.
        await cluster.StopOperatorAsync();
        Report(cluster, NearlyEmpty);
        await cluster.StartOperatorAsync();
        await ClusterStandIn.Until(async () => (await cluster.CacheAsync()).Status is { Shards: 1, Members: "2/2" }, "one shard again");
        var events = (await cluster.Client.ListAsync<Corev1Event>(cluster.Key("").Namespace, null, 0, null, TestContext.Current.CancellationToken)).Items;
        Assert.Contains(events, e => e.Reason == "ShardsScaledOut");
        Assert.Contains(events, e => e.Reason == "ShardsScaledIn");
    }

    private static void Report(ClusterStandIn cluster, MemberStatistics statistics)
    {
        foreach (var proxy in cluster.Proxies) proxy.Statistics = statistics;
    }

    private static async Task QuietAsync(ClusterStandIn cluster)
    {
        var seen = cluster.Proxies[0].StatusRequests;
        await ClusterStandIn.Until(() => Task.FromResult(cluster.Proxies[0].StatusRequests >= seen + 2), "two more looks at the proxies");
    }

    /// <summary>Members evict, and go on doing so.</summary>
    private static Task UntilPressedAsync(ClusterStandIn cluster, string status, string reason) => ClusterStandIn.Until(
        async () =>
        {
            Report(cluster, Full with { Evictions = cluster.Proxies[0].Statistics!.Evictions + 100 });
            return await ConditionAsync(cluster) == (status, reason);
        },
        $"{status} with the reason {reason}");

    private static async Task<(string, string)> ConditionAsync(ClusterStandIn cluster) =>
        (await cluster.CacheAsync()).Status?.Conditions?.FirstOrDefault(c => c.Type == ConditionTypes.ShardAutoscaling) is { } condition
            ? (condition.Status, condition.Reason)
            : default;
}
