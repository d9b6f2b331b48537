using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using CacheOperator.Operator.Api;
using CacheOperator.Operator.Runtime.Client;
using CacheOperator.Operator.Status;
using CacheOperator.Operator.Tests.ApiServer;
using k8s.Models;

namespace CacheOperator.Operator.Tests.Controllers;

/// <summary>The test is the HorizontalPodAutoscaler's controller.</summary>
[Collection(KubeApiServer.Collection)]
public sealed class ProxyAutoscalingTests(KubeApiServer server)
{
    private const string Name = $"{ClusterStandIn.CacheName}-proxy";

    private readonly string _a = $"a-{Guid.NewGuid():N}"[..10];
    private readonly string _b = $"b-{Guid.NewGuid():N}"[..10];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_without_autoscalers_keeps_the_fixed_number_and_the_cache_says_so()
    {
        Assert.SkipUnless(server.MinorVersion < 23, "This server has autoscaling/v2.");
        await using var cluster = await ClusterStandIn.RunningAsync(server, _a, _b, new ReplicatedCacheSpec { Proxy = Autoscaled(1, 4) });
        Assert.Equal(2, (await ProxiesAsync(cluster)).Spec.Replicas);
        Assert.Equal(("False", Reasons.AutoscalerNotServed), await ConditionAsync(cluster));
    }

    [Fact]
    public async Task Proxies_never_get_fewer_when_an_autoscaler_takes_over_and_when_it_leaves()
    {
        await using var newer = await NewerApiServer.StartAsync(server);
        await using var cluster = await ClusterStandIn.RunningAsync(server, _a, _b, operatorsServer: newer.Kubernetes);
        var numbers = new ConcurrentQueue<int>();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var watch = RecordAsync(cluster, numbers, end.Token);

        await cluster.EditAsync(s => s with { Proxy = Autoscaled(2, 8) });
        await ClusterStandIn.Until(async () => await AutoscalerAsync(cluster, newer) is not null, "the autoscaler");
        await ClusterStandIn.Until(async () => await ConditionAsync(cluster) == ("True", Reasons.AutoscalerInPlace), "the condition");
        await UntilGivenUpAsync(cluster);

        // Each on its own way: some servers note the owner of a number that came by the subresource, some do not.
        await ScaleAsync(cluster, 4, "scale");
        await ScaleAsync(cluster, 5, null);
        await cluster.EditAsync(s => s with { Monitoring = new MonitoringSpec { Discovery = MonitoringDiscovery.Disabled } });
        await ClusterStandIn.Until(async () => (await ProxiesAsync(cluster)).Spec.Template.Metadata.Annotations is null, "another pod template");
        Assert.Equal(5, (await ProxiesAsync(cluster)).Spec.Replicas);

        await cluster.EditAsync(s => s with { Proxy = new ProxySpec { Replicas = 6 } });
        await ClusterStandIn.Until(async () => await AutoscalerAsync(cluster, newer) is null, "the autoscaler is gone");
        await ClusterStandIn.Until(async () => (await ProxiesAsync(cluster)).Spec.Replicas == 6, "the number of the spec");
        Assert.Equal(default, await ConditionAsync(cluster));

        await cluster.EditAsync(s => s with { Proxy = Autoscaled(2, 8) });
        await UntilGivenUpAsync(cluster);
        await ScaleAsync(cluster, 7, "scale");
        await ClusterStandIn.Until(() => Task.FromResult(numbers.LastOrDefault() == 7), "all was seen");
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watch);
        Assert.Equal([4, 5, 6, 7], numbers.Distinct().Where(n => n > 2));
        Assert.Equal(numbers.Order(), numbers);
    }

    [Fact]
    public async Task An_autoscaler_that_was_edited_or_deleted_is_put_back()
    {
        await using var newer = await NewerApiServer.StartAsync(server);
        await using var cluster = await ClusterStandIn.RunningAsync(server, _a, _b, operatorsServer: newer.Kubernetes);
        await cluster.EditAsync(s => s with { Proxy = Autoscaled(2, 8) });
        await ClusterStandIn.Until(async () => await AutoscalerAsync(cluster, newer) is not null, "the autoscaler");
        var first = await AutoscalerAsync(cluster, newer);
        Assert.Equal((ReplicatedCache.KubeKind, (2, 8)), (first!.Metadata.OwnerReferences.Single().Kind, Bounds(first)));
        Assert.Equal(80, first.Spec.Metrics.Single().Resource.Target.AverageUtilization);

        var edit = new JsonObject { ["spec"] = new JsonObject { ["maxReplicas"] = 100, ["minReplicas"] = 1 } };
        await Client(newer).PatchAsync<V2HorizontalPodAutoscaler>(cluster.Key(Name), null, PatchFormat.StrategicMerge, edit, "kubectl-edit", Cancellation);
        await ClusterStandIn.Until(async () => Bounds((await AutoscalerAsync(cluster, newer))!) == (2, 8), "the bounds are put back");
        await Client(newer).DeleteAsync<V2HorizontalPodAutoscaler>(cluster.Key(Name), new V1DeleteOptions(), Cancellation);
        await ClusterStandIn.Until(async () => await AutoscalerAsync(cluster, newer) is { } again && again.Metadata.Uid != first.Metadata.Uid, "another one");
    }

    private static ProxySpec Autoscaled(int least, int most) => new() { Autoscaling = new ProxyAutoscalingSpec { MinReplicas = least, MaxReplicas = most } };

    private static (int?, int) Bounds(V2HorizontalPodAutoscaler autoscaler) => (autoscaler.Spec.MinReplicas, autoscaler.Spec.MaxReplicas);

    private static ApiClient Client(NewerApiServer newer) => new(new ApiTransport(newer.Kubernetes, TimeProvider.System));

    private static Task<V2HorizontalPodAutoscaler?> AutoscalerAsync(ClusterStandIn cluster, NewerApiServer newer) =>
        Client(newer).GetAsync<V2HorizontalPodAutoscaler>(cluster.Key(Name), Cancellation);

    private static async Task<V1Deployment> ProxiesAsync(ClusterStandIn cluster) => (await cluster.Client.GetAsync<V1Deployment>(cluster.Key(Name), Cancellation))!;

    private static async Task<(string, string)> ConditionAsync(ClusterStandIn cluster) =>
        (await cluster.CacheAsync()).Status?.Conditions?.FirstOrDefault(c => c.Type == ConditionTypes.ProxyAutoscaling) is { } condition
            ? (condition.Status, condition.Reason)
            : default;

    /// <summary>The operator's own manager no longer says how many proxies there are.</summary>
    private static Task UntilGivenUpAsync(ClusterStandIn cluster) => ClusterStandIn.Until(
        async () => (await ProxiesAsync(cluster)).Metadata.ManagedFields.Single(m => m is { Manager: "cache-operator", Operation: "Apply" })
            .FieldsV1.ToString()!.Contains("f:replicas", StringComparison.Ordinal) is false,
        "the number is given up");

    private static Task<V1Deployment> ScaleAsync(ClusterStandIn cluster, int replicas, string? subresource) => cluster.Client.PatchAsync<V1Deployment>(
        cluster.Key(Name),
        subresource,
        PatchFormat.StrategicMerge,
        new JsonObject { ["spec"] = new JsonObject { ["replicas"] = replicas } },
        "kube-controller-manager",
        Cancellation);

    private static async Task RecordAsync(ClusterStandIn cluster, ConcurrentQueue<int> numbers, CancellationToken cancellationToken)
    {
        var version = (await ProxiesAsync(cluster)).Metadata.ResourceVersion;
        while (true)
        {
            await foreach (var change in cluster.Client.WatchAsync<V1Deployment>(
                cluster.Key(Name).Namespace, null, version, TimeSpan.FromMinutes(5), cancellationToken))
            {
                if (change.Object is not { } deployment) continue;
                version = deployment.Metadata.ResourceVersion;
                numbers.Enqueue(deployment.Spec.Replicas ?? 0);
            }
        }
    }
}
