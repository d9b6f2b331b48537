using System.Text.Json.Nodes;
using CacheOperator.Operator.Api;
using CacheOperator.Operator.Observing;
using CacheOperator.Operator.Resources;
using CacheOperator.Operator.Runtime.Client;
using CacheOperator.Operator.Status;
using CacheOperator.Operator.Tests.ApiServer;
using k8s.Models;

namespace CacheOperator.Operator.Tests.Controllers;

/// <summary>
/// A cache gets more memory, on the real API server with the real controller of StatefulSets. That server is too old for <c>pods/resize</c>: where a test needs it,
/// a <see cref="ResizingApiServer"/> adds it.
/// </summary>
[Collection(KubeApiServer.Collection)]
public sealed class MemoryGrowthTests(KubeApiServer server)
{
    private readonly string _a = $"a-{Guid.NewGuid():N}"[..10];
    private readonly string _b = $"b-{Guid.NewGuid():N}"[..10];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Members_grow_zone_by_zone_and_no_pod_is_replaced_whoever_leads()
    {
        await using var resizing = await ResizingApiServer.StartAsync(server);
        await using var cluster = await ClusterStandIn.CreateAsync(server, resizing.Kubernetes);
        await using var members = await RunAsync(cluster);
        var before = await members.ListAsync();
        var generation = (await cluster.TopologyAsync()).Generation;

        await cluster.EditAsync(s => s with { Memory = "512Mi" });
        await ClusterStandIn.Until(() => Task.FromResult(resizing.Resized.Count == 1), "the first member is resized");
        await cluster.UntilReason(Reasons.GrowingInPlace);
        Assert.Equal([NameOf(_a)], resizing.Resized);
        Assert.Equal(("512", MembersStatefulSet.HoldingPartition), await TemplateAsync(cluster, _a));
        Assert.Equal(("256", 0), await TemplateAsync(cluster, _b));
        Assert.Equal(ObservedPod.Growing, await RevisionAsync(members, _a));
        Assert.Equal(generation, (await cluster.TopologyAsync()).Generation);

        // Another operator comes while the node is still to grant it.
        await cluster.StopOperatorAsync();
        await cluster.StartOperatorAsync();
        await resizing.GrantAsync(await members.GetAsync(NameOf(_a)));
        await ClusterStandIn.Until(async () => (await cluster.TopologyAsync()).Members.Any(m => m.Name == NameOf(_a) && m.MemoryMebibytes == 512), "the topology names it");
        await ClusterStandIn.Until(() => Task.FromResult(resizing.Resized.Contains(NameOf(_b))), "the next zone's member is resized");
        Assert.Equal(("512", 0), await TemplateAsync(cluster, _a));
        await resizing.GrantAsync(await members.GetAsync(NameOf(_b)));
        await cluster.UntilReason(Reasons.AllZonesServing);
        await ClusterStandIn.Until(async () => await TemplateAsync(cluster, _b) == ("512", 0), "the last zone is held no longer");
        await UntilSettledAsync(cluster, members);

        Assert.Equal(before.Select(p => p.Metadata.Uid), (await members.ListAsync()).Select(p => p.Metadata.Uid));
        Assert.Equal(["MemoryGrown", "MemoryGrown"], await GrowthEventsAsync(cluster));
        Assert.Equal(2, resizing.Resized.Distinct().Count());

        // Some time later, with everything computed anew, it is so still.
        await cluster.StopOperatorAsync();
        var versions = await cluster.VersionsAsync();
        await cluster.StartOperatorAsync();
        await cluster.UntilReason(Reasons.AllZonesServing);
        await ClusterStandIn.Until(() => Task.FromResult(cluster.Polls >= 1), "it is at rest");
        Assert.Equal(versions, await cluster.VersionsAsync());
    }

    [Fact]
    public async Task A_member_that_cannot_grow_is_replaced_and_the_cache_says_why()
    {
        await using var resizing = await ResizingApiServer.StartAsync(server);
        await using var cluster = await ClusterStandIn.CreateAsync(server, resizing.Kubernetes);
        await using var members = await RunAsync(cluster, shards: 2);
        var before = (await members.ListAsync()).ToDictionary(p => p.Metadata.Name, p => p.Metadata.Uid);

        await cluster.EditAsync(s => s with { Memory = "512Mi" });
        await ClusterStandIn.Until(() => Task.FromResult(!resizing.Resized.IsEmpty), "the first member is resized");
        var refused = await members.GetAsync(NameOf(_a, 1));
        await SayAsync(cluster, refused, "PodResizePending", "Infeasible", "node is too small");
        foreach (var name in new[] { NameOf(_a), NameOf(_b, 1), NameOf(_b) })
        {
            await ClusterStandIn.Until(() => Task.FromResult(resizing.Resized.Contains(name)), $"{name} is resized", async () => (await cluster.CacheAsync()).Status!.Conditions![2].Message);
            await resizing.GrantAsync(await members.GetAsync(name));
        }

        await cluster.UntilReason(Reasons.AllZonesServing);
        await UntilSettledAsync(cluster, members);
        var after = (await members.ListAsync()).ToDictionary(p => p.Metadata.Name, p => p.Metadata.Uid);
        Assert.Equal([NameOf(_a, 1)], after.Where(p => before[p.Key] != p.Value).Select(p => p.Key));
        var told = Assert.Single(await EventsAsync(cluster, "MemoryGrowthGivenUp"));
        Assert.Contains("Infeasible: node is too small", told.Message, StringComparison.Ordinal);
        Assert.Equal(3, (await EventsAsync(cluster, "MemoryGrown")).Sum(e => e.Count ?? 1));
    }

    [Fact]
    public async Task Members_that_the_server_refuses_to_resize_are_replaced_and_the_cache_says_why()
    {
        await using var resizing = await ResizingApiServer.StartAsync(server);
        resizing.Refuses = true;
        await using var cluster = await ClusterStandIn.CreateAsync(server, resizing.Kubernetes);
        await using var members = await RunAsync(cluster);
        var before = await members.ListAsync();

        await cluster.EditAsync(s => s with { Memory = "512Mi" });
        await ClusterStandIn.Until(
            async () => (await members.ListAsync()) is { Count: 2 } now && now.All(p => before.All(b => b.Metadata.Uid != p.Metadata.Uid)), "both members are replaced");
        await cluster.UntilReason(Reasons.AllZonesServing);
        await UntilSettledAsync(cluster, members);
        Assert.All(await members.ListAsync(), p => Assert.Equal("512", p.Spec.Containers[0].Args[1]));
        Assert.All(await EventsAsync(cluster, "MemoryGrowthGivenUp"), e => Assert.Contains("cannot be given other resources", e.Message, StringComparison.Ordinal));
        Assert.Equal(2, (await EventsAsync(cluster, "MemoryGrowthGivenUp")).Count);
    }

    [Fact]
    public async Task A_server_that_does_not_resize_pods_gets_a_rollout_and_the_cache_says_why()
    {
        Assert.SkipUnless(server.MinorVersion < 33, "This server resizes pods.");
        await using var cluster = await ClusterStandIn.CreateAsync(server);
        await using var members = await RunAsync(cluster);
        var before = await members.ListAsync();

        await cluster.EditAsync(s => s with { Memory = "512Mi" });
        await ClusterStandIn.Until(
            async () => (await members.ListAsync()) is { Count: 2 } now && now.All(p => before.All(b => b.Metadata.Uid != p.Metadata.Uid)), "both members are replaced");
        await cluster.UntilReason(Reasons.AllZonesServing);
        Assert.All(await members.ListAsync(), p => Assert.Equal("512", p.Spec.Containers[0].Args[1]));
        Assert.All((await cluster.TopologyAsync()).Members, m => Assert.Null(m.MemoryMebibytes));
        Assert.All(await EventsAsync(cluster, "MemoryGrowsByRollout"), e => Assert.Contains("does not serve pods/resize", e.Message, StringComparison.Ordinal));
        Assert.NotEmpty(await EventsAsync(cluster, "MemoryGrowsByRollout"));
    }

    private static string NameOf(string zone, int ordinal = 0) => $"{CacheNames.StatefulSet(ClusterStandIn.CacheName, zone)}-{ordinal}";

    private static async Task<(string, int)> TemplateAsync(ClusterStandIn cluster, string zone)
    {
        var set = (await cluster.StatefulSetAsync(zone))!;
        return (set.Spec.Template.Spec.Containers[0].Args[1], set.Spec.UpdateStrategy.RollingUpdate?.Partition ?? 0);
    }

    private static async Task<string?> RevisionAsync(MemberPods members, string zone) => new ObservedPod(await members.GetAsync(NameOf(zone))).Revision;

    private static async Task<IReadOnlyList<Corev1Event>> EventsAsync(ClusterStandIn cluster, string reason) =>
        [.. (await cluster.Client.ListAsync<Corev1Event>(cluster.Key("").Namespace, null, 0, null, Cancellation)).Items.Where(e => e.Reason == reason)];

    private static async Task<IEnumerable<string>> GrowthEventsAsync(ClusterStandIn cluster) =>
        (await cluster.Client.ListAsync<Corev1Event>(cluster.Key("").Namespace, null, 0, null, Cancellation)).Items
            .Where(e => e.Reason.StartsWith("MemoryGr", StringComparison.Ordinal)).Select(e => e.Reason);

    private static Task<V1Pod> SayAsync(ClusterStandIn cluster, V1Pod pod, string type, string reason, string message) => cluster.Client.PatchAsync<V1Pod>(
        ObjectKey.Of(pod),
        "status",
        PatchFormat.StrategicMerge,
        new JsonObject
        {
            ["status"] = new JsonObject { ["conditions"] = new JsonArray(new JsonObject { ["type"] = type, ["status"] = "True", ["reason"] = reason, ["message"] = message }) },
        },
        "kubelet",
        Cancellation);

    /// <summary>The controller says that every pod is of the newest revision, so it has nothing to replace.</summary>
    private async Task UntilSettledAsync(ClusterStandIn cluster, MemberPods members)
    {
        foreach (var zone in new[] { _a, _b })
        {
            await ClusterStandIn.Until(
                async () => (await cluster.StatefulSetAsync(zone)) is { } set && set.Status.CurrentRevision == set.Status.UpdateRevision
                    && set.Status.ObservedGeneration == set.Metadata.Generation && set.Status.UpdatedReplicas == set.Spec.Replicas
                    && await RevisionAsync(members, zone) == set.Status.UpdateRevision,
                $"{zone} is settled");
        }
    }

    private async Task<MemberPods> RunAsync(ClusterStandIn cluster, int shards = 1)
    {
        foreach (var zone in new[] { _a, _b }) await cluster.NodeAsync($"node-{zone}", zone);
        var members = await MemberPods.StartAsync(server, cluster);
        await cluster.StartOperatorAsync();
        await cluster.CreateCacheAsync(new ReplicatedCacheSpec { Zones = [_a, _b], Shards = shards });
        await ClusterStandIn.Until(async () => (await members.ListAsync()).Count == 2 * shards, "the members' pods");
        await cluster.RunProxyAsync($"node-{_a}");
        await cluster.RunProxyAsync($"node-{_b}");
        await cluster.UntilReason(Reasons.AllZonesServing);
        return members;
    }
}
