using System.Text.Json.Nodes;
using CacheOperator.Operator.Api;
using CacheOperator.Operator.Resources;
using CacheOperator.Operator.Runtime.Client;
using CacheOperator.Operator.Status;
using CacheOperator.Operator.Tests.ApiServer;
using CacheOperator.Operator.WarmUp;
using CacheOperator.Topology;
using k8s.Models;

namespace CacheOperator.Operator.Tests.Controllers;

[Collection(KubeApiServer.Collection)]
public sealed class ReplicatedCacheControllerTests(KubeApiServer server)
{
    private readonly string _a = $"a-{Guid.NewGuid():N}"[..10];
    private readonly string _b = $"b-{Guid.NewGuid():N}"[..10];

    [Fact]
    public async Task A_cache_comes_up_and_a_restarted_operator_writes_nothing()
    {
        await using var cluster = await RunningAsync();
        var cache = await cluster.CacheAsync();
        Assert.Equal("2/2", cache.Status!.Members);
        Assert.Equal($"sessions.{cache.Metadata.NamespaceProperty}.svc:11211", cache.Status.Endpoint);
        Assert.Equal(cache.Metadata.Generation, cache.Status.ObservedGeneration);
        Assert.All(cluster.Proxies, p => Assert.Equal(0, p.Refused));

        // At rest: proxies are asked, and nothing is written.
        await QuietAsync(cluster);
        var before = await cluster.VersionsAsync();
        await cluster.StopOperatorAsync();
        await cluster.StartOperatorAsync();
        await QuietAsync(cluster);
        Assert.Equal(before, await cluster.VersionsAsync());
    }

    [Fact]
    public async Task A_cache_at_rest_is_only_asked_how_it_is_and_looked_at_when_something_happens()
    {
        await using var cluster = await RunningAsync();
        await ClusterStandIn.Until(() => Task.FromResult(cluster.Polls >= 2), "proxies are asked and nothing else is done");
        var service = (await cluster.Client.GetAsync<V1Service>(cluster.Key("sessions"), TestContext.Current.CancellationToken))!;
        service.Spec.Selector[CacheLabels.Component] = "nobody";
        await cluster.Client.ReplaceAsync(service, TestContext.Current.CancellationToken);
        await ClusterStandIn.Until(
            async () => (await cluster.Client.GetAsync<V1Service>(cluster.Key("sessions"), TestContext.Current.CancellationToken))!.Spec.Selector[CacheLabels.Component] == CacheLabels.Proxy,
            "the edit is put back");
        var polls = cluster.Polls;
        await ClusterStandIn.Until(() => Task.FromResult(cluster.Polls > polls), "it is at rest again");

        // A pod that is not its own any more is missed, though nothing leads from it to the cache.
        var name = $"{CacheNames.StatefulSet(ClusterStandIn.CacheName, _a)}-0";
        var taken = new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { [CacheLabels.Cache] = null } } };
        await cluster.Client.PatchAsync<V1Pod>(cluster.Key(name), null, PatchFormat.StrategicMerge, taken, "test", TestContext.Current.CancellationToken);
        await cluster.UntilReason(Reasons.WaitingForMembers);
    }

    [Fact]
    public async Task A_replaced_member_is_filled_before_its_gate_opens()
    {
        await using var cluster = await RunningAsync();
        foreach (var proxy in cluster.Proxies) proxy.HoldCopies = true;
        var name = $"{CacheNames.StatefulSet(ClusterStandIn.CacheName, _a)}-0";
        await cluster.DeletePodAsync(name);
        var pod = await cluster.RunMemberAsync(_a, $"node-{_a}-2");
        await cluster.UntilReason(Reasons.WarmingUp);
        await ClusterStandIn.Until(async () => (await cluster.CacheAsync()).Status?.Warming == "1 (50%)", "progress in the status");
        Assert.Equal(("False", GateReasons.Warming), await GateAsync(cluster, name));
        Assert.Equal("1/2", (await cluster.CacheAsync()).Status!.Members);

        foreach (var proxy in cluster.Proxies) proxy.HoldCopies = false;
        await cluster.UntilReason(Reasons.AllZonesServing);
        Assert.Equal(("True", GateReasons.Warm), await GateAsync(cluster, name));

        // In place: the same pod, another process.
        foreach (var proxy in cluster.Proxies) proxy.HoldCopies = true;
        cluster.RestartProcess(pod);
        await cluster.UntilReason(Reasons.WarmingUp);
        await ClusterStandIn.Until(async () => await GateAsync(cluster, name) == ("False", GateReasons.Warming), "the gate closes again");
    }

    [Fact]
    public async Task A_spec_that_cannot_be_is_reported_and_changes_nothing_that_runs()
    {
        await using var cluster = await RunningAsync();
        await QuietAsync(cluster);
        var before = await cluster.VersionsAsync();
        await cluster.EditAsync(s => s with { Memory = "64Mi", MaxItemSize = "64Mi" });
        await cluster.UntilReason(Reasons.InvalidSpec);
        var condition = (await cluster.CacheAsync()).Status!.Conditions!.First(c => c.Type == "Ready");
        Assert.Contains("spec.maxItemSize", condition.Message, StringComparison.Ordinal);
        Assert.Equal(Running(before), Running(await cluster.VersionsAsync()));

        await cluster.EditAsync(s => s with { MaxItemSize = null, Memory = null, Zones = [_a, _b, "atlantis"] });
        await ClusterStandIn.Until(
            async () => (await cluster.CacheAsync()).Status!.Conditions!.First(c => c.Type == "Ready").Message.Contains("atlantis", StringComparison.Ordinal),
            "the unknown zone is named");
        await cluster.EditAsync(s => s with { Zones = [_a, _b] });
        await cluster.UntilReason(Reasons.AllZonesServing);
        Assert.Equal(Running(before), Running(await cluster.VersionsAsync()));
    }

    [Fact]
    public async Task A_changed_template_goes_to_one_zone_at_a_time()
    {
        await using var cluster = await RunningAsync();
        await cluster.EditAsync(s => s with { Memory = "512Mi" });
        await ClusterStandIn.Until(async () => Memory(await cluster.StatefulSetAsync(_a)) == "512", "the first zone has the new template");
        await QuietAsync(cluster);
        Assert.Equal("256", Memory(await cluster.StatefulSetAsync(_b)));
        await cluster.UntilReason(Reasons.RollingUpdate);
    }

    [Fact]
    public async Task A_pod_on_a_lost_node_is_deleted_by_force_when_another_node_can_take_it()
    {
        await using var cluster = await RunningAsync();
        await cluster.EditAsync(s => s with { NodeLoss = new NodeLossSpec { GracePeriod = "1s" } });
        var name = $"{CacheNames.StatefulSet(ClusterStandIn.CacheName, _a)}-0";
        await cluster.NodeAsync($"node-{_a}-2", _a, ready: false);
        await cluster.NodeAsync($"node-{_a}-1", _a, ready: false);
        await cluster.UntilReason(Reasons.ZoneDown);
        Assert.NotNull(await cluster.Client.GetAsync<V1Pod>(cluster.Key(name), TestContext.Current.CancellationToken));

        await cluster.NodeAsync($"node-{_a}-2", _a, ready: true);
        await ClusterStandIn.Until(
            async () => await cluster.Client.GetAsync<V1Pod>(cluster.Key(name), TestContext.Current.CancellationToken) is null, "the pod is deleted");
        var survivor = $"{CacheNames.StatefulSet(ClusterStandIn.CacheName, _b)}-0";
        Assert.NotNull(await cluster.Client.GetAsync<V1Pod>(cluster.Key(survivor), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_lost_node_is_acted_upon_by_an_operator_that_never_saw_a_valid_spec()
    {
        await using var cluster = await RunningAsync();
        await cluster.EditAsync(s => s with { NodeLoss = new NodeLossSpec { GracePeriod = "1s" }, Memory = "64Mi", MaxItemSize = "64Mi" });
        await cluster.UntilReason(Reasons.InvalidSpec);
        await cluster.StopOperatorAsync();
        await cluster.NodeAsync($"node-{_a}-2", _a);
        await cluster.NodeAsync($"node-{_a}-1", _a, ready: false);
        await cluster.StartOperatorAsync();
        var name = $"{CacheNames.StatefulSet(ClusterStandIn.CacheName, _a)}-0";
        await ClusterStandIn.Until(
            async () => await cluster.Client.GetAsync<V1Pod>(cluster.Key(name), TestContext.Current.CancellationToken) is null, "the pod is deleted");
    }

    [Fact]
    public async Task A_name_that_is_taken_is_told_and_left_alone()
    {
        await using var cluster = await ClusterStandIn.CreateAsync(server);
        await cluster.NodeAsync($"node-{_a}-1", _a);
        var theirs = new V1ConfigMap
        {
            Metadata = new V1ObjectMeta { Name = "sessions-topology", NamespaceProperty = cluster.Key("").Namespace },
            Data = new Dictionary<string, string> { ["mine"] = "yes" },
        };
        await cluster.Client.CreateAsync(theirs, TestContext.Current.CancellationToken);
        await cluster.StartOperatorAsync();
        await cluster.CreateCacheAsync(new ReplicatedCacheSpec { Zones = [_a] });
        await ClusterStandIn.Until(
            async () => (await cluster.CacheAsync()).Status?.Conditions?.Any(c => c.Reason == Reasons.ApplyFailed && c.Message.Contains("sessions-topology", StringComparison.Ordinal)) == true,
            "the taken name is told");
        var kept = await cluster.Client.GetAsync<V1ConfigMap>(cluster.Key("sessions-topology"), TestContext.Current.CancellationToken);
        Assert.Equal("yes", kept!.Data["mine"]);

        await cluster.Client.DeleteAsync<V1ConfigMap>(cluster.Key("sessions-topology"), new V1DeleteOptions(), TestContext.Current.CancellationToken);
        await ClusterStandIn.Until(async () => await cluster.StatefulSetAsync(_a) is not null, "it goes on by itself");
    }

    [Fact]
    public async Task A_paused_cache_is_only_looked_at()
    {
        await using var cluster = await RunningAsync();
        await cluster.EditAsync(s => s with { Paused = true, Memory = "1Gi" });
        await cluster.UntilReason(Reasons.Paused);
        var before = await cluster.VersionsAsync();
        await cluster.DeletePodAsync($"{CacheNames.StatefulSet(ClusterStandIn.CacheName, _a)}-0");
        await QuietAsync(cluster);
        Assert.Equal("256", Memory(await cluster.StatefulSetAsync(_a)));
        Assert.Equal(2, (await cluster.TopologyAsync()).Members.Count(m => m.State == MemberState.Ready));
        Assert.Equal(before["V1ConfigMap/sessions-topology"], (await cluster.VersionsAsync())["V1ConfigMap/sessions-topology"]);
    }

    [Fact]
    public async Task A_zone_that_is_taken_out_is_emptied_and_removed()
    {
        await using var cluster = await RunningAsync();
        await cluster.EditAsync(s => s with { Zones = [_a] });
        await ClusterStandIn.Until(async () => await cluster.StatefulSetAsync(_b) is null, "the zone's StatefulSet is gone");
        Assert.Equal(MemberState.Draining, (await cluster.TopologyAsync()).Members.Single(m => m.Zone == _b).State);
        await cluster.DeletePodAsync($"{CacheNames.StatefulSet(ClusterStandIn.CacheName, _b)}-0");
        await ClusterStandIn.Until(async () => (await cluster.TopologyAsync()).Zones.Count == 1, "the topology has one zone");
        await ClusterStandIn.Until(async () => (await cluster.CacheAsync()).Status?.Members == "1/1", "the other zone serves");
    }

    [Fact]
    public async Task A_cache_of_more_shards_gets_members_then_keys_then_shards_and_loses_them_in_the_opposite_order()
    {
        await using var cluster = await RunningAsync();
        foreach (var proxy in cluster.Proxies) proxy.HoldCopies = true;
        await cluster.EditAsync(s => s with { Shards = 2 });
        await cluster.UntilReason(Reasons.Resharding);
        foreach (var zone in new[] { _a, _b })
        {
            await ClusterStandIn.Until(async () => (await cluster.StatefulSetAsync(zone))?.Spec.Replicas == 2, $"two members in {zone}");
            await cluster.RunMemberAsync(zone, $"node-{zone}-2", ordinal: 1);
        }

        await ClusterStandIn.Until(async () => (await cluster.CacheAsync()).Status?.Resharding?.Percent == 50, "progress in the status");
        Assert.Equal(("False", GateReasons.Warming), await GateAsync(cluster, $"{CacheNames.StatefulSet(ClusterStandIn.CacheName, _a)}-1"));
        Assert.Equal(1, (await cluster.CacheAsync()).Status!.Shards);

        await cluster.StopOperatorAsync();
        foreach (var proxy in cluster.Proxies) proxy.HoldCopies = false;
        await cluster.StartOperatorAsync();
        await cluster.UntilReason(Reasons.AllZonesServing);
        var status = (await cluster.CacheAsync()).Status!;
        Assert.Equal((2, "4/4", null), (status.Shards, status.Members, status.Resharding));

        await cluster.EditAsync(s => s with { Shards = 1 });
        await ClusterStandIn.Until(async () => (await cluster.StatefulSetAsync(_a))?.Spec.Replicas == 1 && (await cluster.StatefulSetAsync(_b))?.Spec.Replicas == 1, "one member in each zone");
        var topology = await cluster.TopologyAsync();
        Assert.Equal((1, null, 2), (topology.Shards, topology.Resharding, topology.Members.Count));
        await ClusterStandIn.Until(async () => (await cluster.CacheAsync()).Status is { Shards: 1, Members: "2/2" }, "the status says so");
    }

    [Fact]
    public async Task A_new_template_goes_before_a_new_number_of_shards()
    {
        await using var cluster = await RunningAsync();
        await cluster.EditAsync(s => s with { Memory = "512Mi", Shards = 2 });
        await ClusterStandIn.Until(async () => Memory(await cluster.StatefulSetAsync(_a)) == "512", "the first zone has the new template");
        await QuietAsync(cluster);
        Assert.Equal((1, "256"), ((await cluster.StatefulSetAsync(_b))!.Spec.Replicas, Memory(await cluster.StatefulSetAsync(_b))));
        Assert.Equal(1, (await cluster.StatefulSetAsync(_a))!.Spec.Replicas);
        Assert.Null((await cluster.TopologyAsync()).Resharding);
    }

    private Task<ClusterStandIn> RunningAsync() => ClusterStandIn.RunningAsync(server, _a, _b);

    /// <summary>The operator has looked at its proxies twice more.</summary>
    private static async Task QuietAsync(ClusterStandIn cluster)
    {
        var seen = cluster.Proxies[0].StatusRequests;
        await ClusterStandIn.Until(() => Task.FromResult(cluster.Proxies[0].StatusRequests >= seen + 2), "two more looks at the proxies");
    }

    private static IEnumerable<KeyValuePair<string, string>> Running(IReadOnlyDictionary<string, string> versions) =>
        versions.Where(v => !v.Key.StartsWith(nameof(ReplicatedCache), StringComparison.Ordinal) && !v.Key.StartsWith(nameof(Corev1Event), StringComparison.Ordinal));

    private static async Task<(string, string)> GateAsync(ClusterStandIn cluster, string pod) =>
        await cluster.GateAsync(pod) is { } gate ? (gate.Status, gate.Reason) : default;

    private static string? Memory(V1StatefulSet? set) => set?.Spec.Template.Spec.Containers[0].Args[1];
}
