using CacheOperator.Operator.Runtime.Apply;
using CacheOperator.Operator.Runtime.Client;
using CacheOperator.Operator.Runtime.Metrics;
using CacheOperator.Operator.Runtime.Watching;
using CacheOperator.Operator.Tests.ApiServer;
using CacheOperator.Operator.Tests.Runtime.Support;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;

namespace CacheOperator.Operator.Tests.Runtime.Apply;

/// <summary>Against a real API server: what it defaults, rewrites and owns is the point.</summary>
[Collection(KubeApiServer.Collection)]
public sealed class ObjectApplierTests(KubeApiServer server) : IAsyncLifetime
{
    private readonly List<IAsyncDisposable> _informers = [];
    private ApiClient _client = null!;
    private ResourceCaches _caches = null!;
    private ObjectApplier _applier = null!;
    private string _space = null!;
    private SampleObjects _objects = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _client = server.Client;
        _space = await server.NewNamespaceAsync();
        _objects = new SampleObjects(_space);
        _caches = new ResourceCaches([Watch<V1StatefulSet>(), Watch<V1Service>(), Watch<V1ConfigMap>(), Watch<V1Deployment>(), Watch<V1Secret>(), Watch<V1Pod>()]);
        var metrics = new RuntimeMetrics(Prometheus.Metrics.NewCustomRegistry());
        _applier = new ObjectApplier(_client, _caches, metrics, NullLogger<ObjectApplier>.Instance);
        await _caches.WaitForSyncAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var informer in _informers)
            await informer.DisposeAsync();
    }

    [Fact]
    public async Task What_was_applied_is_not_applied_again()
    {
        Assert.Equal(ApplyOutcome.Created, await _applier.ApplyAsync(_objects.StatefulSet(), Cancellation));
        Assert.Equal(ApplyOutcome.Created, await _applier.ApplyAsync(_objects.Service(), Cancellation));
        Assert.Equal(ApplyOutcome.Created, await _applier.ApplyAsync(_objects.Deployment(), Cancellation));
        Assert.Equal(ApplyOutcome.Created, await _applier.ApplyAsync(_objects.Secret(), Cancellation));
        await SeenAsync<V1StatefulSet>("members");
        await SeenAsync<V1Service>("service");
        await SeenAsync<V1Deployment>("proxy");
        await SeenAsync<V1Secret>("secret");

        Assert.Equal(ApplyOutcome.Unchanged, await _applier.ApplyAsync(_objects.StatefulSet(), Cancellation));
        Assert.Equal(ApplyOutcome.Unchanged, await _applier.ApplyAsync(_objects.Service(), Cancellation));
        Assert.Equal(ApplyOutcome.Unchanged, await _applier.ApplyAsync(_objects.Deployment(), Cancellation));
        Assert.Equal(ApplyOutcome.Unchanged, await _applier.ApplyAsync(_objects.Secret(), Cancellation));
    }

    [Fact]
    public async Task An_apply_that_the_cache_has_not_seen_yet_is_no_write_either()
    {
        await _applier.ApplyAsync(_objects.StatefulSet(), Cancellation);
        var first = await LiveAsync<V1StatefulSet>("members");

        await _applier.ApplyAsync(_objects.StatefulSet(), Cancellation);

        Assert.Equal(first.Metadata.ResourceVersion, (await LiveAsync<V1StatefulSet>("members")).Metadata.ResourceVersion);
    }

    [Fact]
    public async Task A_field_that_the_server_drops_is_no_reason_to_write_again()
    {
        // Behind a feature gate that is off in Kubernetes 1.20.
        var service = _objects.Service();
        service.Spec.Type = "LoadBalancer";
        service.Spec.AllocateLoadBalancerNodePorts = true;
        await _applier.ApplyAsync(service, Cancellation);
        await SeenAsync<V1Service>("service");
        var live = await LiveAsync<V1Service>("service");
        await SecondsLaterAsync();

        Assert.Equal(ApplyOutcome.Unchanged, await _applier.ApplyAsync(service, Cancellation));

        Assert.Equal(live.Metadata.ResourceVersion, (await LiveAsync<V1Service>("service")).Metadata.ResourceVersion);
        live.Spec.Ports[0].TargetPort = 4711;
        var edited = await _client.ReplaceAsync(live, Cancellation);
        await SeenAsync<V1Service>("service", edited.Metadata.ResourceVersion);
        Assert.Equal(ApplyOutcome.Changed, await _applier.ApplyAsync(service, Cancellation));
        Assert.NotEqual("4711", (await LiveAsync<V1Service>("service")).Spec.Ports[0].TargetPort.Value);
    }

    [Fact]
    public async Task A_hand_edit_of_our_fields_is_put_back_and_others_are_left()
    {
        await _applier.ApplyAsync(_objects.StatefulSet(), Cancellation);
        var live = await LiveAsync<V1StatefulSet>("members");
        live.Spec.Replicas = 7;
        live.Spec.Template.Spec.Containers[0].Resources.Limits["memory"] = new ResourceQuantity("1Gi");
        live.Metadata.Labels["app.kubernetes.io/name"] = "edited";
        live.Metadata.Labels["theirs"] = "kept";
        var edited = await _client.ReplaceAsync(live, Cancellation);
        await SeenAsync<V1StatefulSet>("members", edited.Metadata.ResourceVersion);

        Assert.Equal(ApplyOutcome.Changed, await _applier.ApplyAsync(_objects.StatefulSet(), Cancellation));

        var back = await LiveAsync<V1StatefulSet>("members");
        Assert.Equal(3, back.Spec.Replicas);
        Assert.Equal("512Mi", back.Spec.Template.Spec.Containers[0].Resources.Limits["memory"].ToString());
        Assert.Equal("cache", back.Metadata.Labels["app.kubernetes.io/name"]);
        Assert.Equal("kept", back.Metadata.Labels["theirs"]);
    }

    [Fact]
    public async Task A_field_that_is_no_longer_rendered_is_removed()
    {
        var map = _objects.Map(("a", "1"), ("b", "2"));
        await _applier.ApplyAsync(map, Cancellation);
        await SeenAsync<V1ConfigMap>("map");

        Assert.Equal(ApplyOutcome.Changed, await _applier.ApplyAsync(_objects.Map(("a", "1")), Cancellation));

        Assert.Equal(["a"], (await LiveAsync<V1ConfigMap>("map")).Data.Keys);
    }

    [Fact]
    public async Task An_object_of_somebody_else_is_left_alone_and_named()
    {
        var theirs = await _client.CreateAsync(_objects.Map(("theirs", "1")), Cancellation);
        var ours = _objects.Map(("ours", "1"));
        ours.Metadata.OwnerReferences = [Owner("owner-1")];

        var refusal = await Assert.ThrowsAsync<NotOwnedException>(() => _applier.ApplyAsync(ours, Cancellation));

        Assert.Contains($"ConfigMap {_space}/map", refusal.Message);
        Assert.Equal(theirs.Metadata.ResourceVersion, (await LiveAsync<V1ConfigMap>("map")).Metadata.ResourceVersion);
    }

    [Fact]
    public async Task What_an_earlier_owner_of_the_same_name_left_is_waited_for()
    {
        var old = _objects.Map(("a", "1"));
        old.Metadata.OwnerReferences = [Owner("owner-1")];
        await _applier.ApplyAsync(old, Cancellation);
        var next = _objects.Map(("a", "1"));
        next.Metadata.OwnerReferences = [Owner("owner-2")];

        await Assert.ThrowsAsync<NotOwnedException>(() => _applier.ApplyAsync(next, Cancellation));
    }

    [Fact]
    public async Task A_status_is_sent_only_when_it_says_something_else()
    {
        await _applier.ApplyAsync(_objects.Deployment(), Cancellation);
        var live = await LiveAsync<V1Deployment>("proxy");
        V1Deployment With(int ready, params string[] conditions) => new()
        {
            Metadata = new V1ObjectMeta { NamespaceProperty = _space, Name = "proxy" },
            Status = new V1DeploymentStatus
            {
                ReadyReplicas = ready,
                Replicas = 3,
                Conditions = [.. conditions.Select(type => new V1DeploymentCondition { Type = type, Status = "True" })],
            },
        };

        Assert.True(await _applier.ApplyStatusAsync(With(2, "Available", "Progressing"), live, Cancellation));
        live = await LiveAsync<V1Deployment>("proxy");
        Assert.Equal(2, live.Status.ReadyReplicas);
        Assert.False(await _applier.ApplyStatusAsync(With(2, "Progressing", "Available"), live, Cancellation));
        Assert.True(await _applier.ApplyStatusAsync(With(2, "Available"), live, Cancellation));

        live = await LiveAsync<V1Deployment>("proxy");
        Assert.Equal("Available", Assert.Single(live.Status.Conditions).Type);
        Assert.Equal(3, live.Spec.Replicas);
    }

    [Fact]
    public async Task One_condition_of_a_pod_is_set_beside_those_of_the_kubelet()
    {
        var pod = await _client.CreateAsync(_objects.Pod(), Cancellation);
        pod.Status.Conditions = [new V1PodCondition { Type = "Ready", Status = "False" }];
        pod = await server.Kubernetes.CoreV1.ReplaceNamespacedPodStatusAsync(pod, "pod", _space, cancellationToken: Cancellation);
        var first = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

        Assert.True(await _applier.SetPodConditionAsync(pod, "cacheoperator.dev/warm", false, "Copying", "10 %", first, Cancellation));
        pod = await LiveAsync<V1Pod>("pod");
        Assert.False(await _applier.SetPodConditionAsync(pod, "cacheoperator.dev/warm", false, "Copying", "10 %", first.AddHours(1), Cancellation));
        Assert.True(await _applier.SetPodConditionAsync(pod, "cacheoperator.dev/warm", false, "Copying", "20 %", first.AddHours(1), Cancellation));
        pod = await LiveAsync<V1Pod>("pod");
        Assert.Equal(first.UtcDateTime, Warm(pod).LastTransitionTime);
        Assert.True(await _applier.SetPodConditionAsync(pod, "cacheoperator.dev/warm", true, "Warm", "", first.AddHours(2), Cancellation));

        pod = await LiveAsync<V1Pod>("pod");
        Assert.Equal(("True", "Warm"), (Warm(pod).Status, Warm(pod).Reason));
        Assert.Equal(first.AddHours(2).UtcDateTime, Warm(pod).LastTransitionTime);
        Assert.Equal("False", pod.Status.Conditions.Single(condition => condition.Type == "Ready").Status);
    }

    [Fact]
    public async Task A_pod_is_force_deleted_only_while_it_is_the_one_that_was_looked_at()
    {
        var seen = await _client.CreateAsync(_objects.Pod(), Cancellation);
        await _applier.SetPodConditionAsync(seen, "cacheoperator.dev/warm", true, "Warm", "", DateTimeOffset.UtcNow, Cancellation);

        Assert.Equal(DeleteOutcome.Changed, await _applier.DeleteAsync(seen, TimeSpan.Zero, Cancellation));
        var live = await LiveAsync<V1Pod>("pod");
        Assert.Equal(DeleteOutcome.Deleted, await _applier.DeleteAsync(live, TimeSpan.Zero, Cancellation));
        Assert.Equal(DeleteOutcome.Gone, await _applier.DeleteAsync(live, TimeSpan.Zero, Cancellation));
        await _client.CreateAsync(_objects.Pod(), Cancellation);

        Assert.Equal(DeleteOutcome.Changed, await _applier.DeleteAsync(live, TimeSpan.Zero, Cancellation));
    }

    [Fact]
    public async Task What_is_created_once_is_never_overwritten()
    {
        Assert.True(await _applier.TryCreateAsync(_objects.Secret(), Cancellation));
        var other = _objects.Secret();
        other.Data["token"] = "other"u8.ToArray();

        Assert.False(await _applier.TryCreateAsync(other, Cancellation));

        Assert.Equal("secret"u8.ToArray(), (await LiveAsync<V1Secret>("secret")).Data["token"]);
    }

    private ResourceInformer<T> Watch<T>()
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var run = new InformerRun<T>(_client, new InformerOptions { Namespaces = [_space] }, TimeProvider.System);
        _informers.Add(run);
        return run.Informer;
    }

    private Task SeenAsync<T>(string name, string? version = null)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        Eventually.True(
            () => _caches.Of<T>().Get(new ObjectKey(_space, name)) is { } item && (version is null || item.Metadata.ResourceVersion == version),
            $"{typeof(T).Name} {name} in the cache");

    /// <summary>The server notes in whole seconds when somebody applied something.</summary>
    private static Task SecondsLaterAsync()
    {
        var from = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        return Eventually.True(() => DateTimeOffset.UtcNow.ToUnixTimeSeconds() > from + 1, "another second");
    }

    private async Task<T> LiveAsync<T>(string name)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        await _client.GetAsync<T>(new ObjectKey(_space, name), Cancellation) ?? throw new InvalidOperationException($"{name} is gone");

    private static V1PodCondition Warm(V1Pod pod) => pod.Status.Conditions.Single(condition => condition.Type == "cacheoperator.dev/warm");

    private static V1OwnerReference Owner(string uid) =>
        new() { ApiVersion = "cacheoperator.dev/v1alpha1", Kind = "ReplicatedCache", Name = "sessions", Uid = uid, Controller = true };
}
