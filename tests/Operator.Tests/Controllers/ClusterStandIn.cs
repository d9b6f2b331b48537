using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using CacheOperator.Operator.Api;
using CacheOperator.Operator.Hosting;
using CacheOperator.Operator.Resources;
using CacheOperator.Operator.Runtime.Client;
using CacheOperator.Operator.Runtime.Hosting;
using CacheOperator.Operator.Runtime.Metrics;
using CacheOperator.Operator.Settings;
using CacheOperator.Operator.Status;
using CacheOperator.Operator.Tests.ApiServer;
using CacheOperator.OperatorBenchmark;
using CacheOperator.Provisioning.Publishing;
using CacheOperator.Topology;
using k8s;
using k8s.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace CacheOperator.Operator.Tests.Controllers;

/// <summary>
/// The operator on a real API server, without controllers and kubelets: what those would do to pods the test does itself.
/// Proxies' pods have the addresses of <see cref="ProxyStandIn"/>s.
/// </summary>
internal sealed class ClusterStandIn(KubeApiServer server, string @namespace) : IAsyncDisposable
{
    public const string CacheName = "sessions";

    private readonly ConcurrentDictionary<string, string> _processes = new();
    private readonly List<ProxyStandIn> _proxies = [];
    private WebApplication? _operator;
    private int _addresses = 1;

    public ApiClient Client => server.Client;

    /// <summary>The server that the operator is given, when it is another one.</summary>
    public Kubernetes? OperatorsServer { get; init; }

    /// <summary>What the operator is started with the next time.</summary>
    public OperatorSettings Settings { get; set; } = new();

    public IReadOnlyList<ProxyStandIn> Proxies => _proxies;

    /// <summary>How often the operator has asked the proxies and done nothing else.</summary>
    public double Polls => _operator!.Services.GetRequiredService<RuntimeMetrics>().Polls.WithLabels(ReplicatedCache.KubeKind).Value;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<ClusterStandIn> CreateAsync(KubeApiServer server, Kubernetes? operatorsServer = null)
    {
        var cluster = new ClusterStandIn(server, await server.NewNamespaceAsync()) { OperatorsServer = operatorsServer };
        var crd = KubernetesYaml.Deserialize<V1CustomResourceDefinition>(
            await File.ReadAllTextAsync(Path.Combine(RepositoryRoot.Find(), "crds", "replicatedcaches.cacheoperator.dev.yaml"), Cancellation));
        if (await cluster.Client.GetAsync<V1CustomResourceDefinition>(ObjectKey.Of(crd), Cancellation) is null)
            await cluster.Client.CreateAsync(crd, Cancellation);
        await Until(
            async () => (await cluster.Client.GetAsync<V1CustomResourceDefinition>(ObjectKey.Of(crd), Cancellation))?.Status?.Conditions?
                .Any(c => c is { Type: "Established", Status: "True" }) == true,
            "the kind is served");
        return cluster;
    }

    /// <summary>As above, with the operator, and a cache that serves in two zones of two nodes each.</summary>
    public static async Task<ClusterStandIn> RunningAsync(
        KubeApiServer server, string a, string b, ReplicatedCacheSpec? spec = null, Kubernetes? operatorsServer = null)
    {
        var cluster = await CreateAsync(server, operatorsServer);
        foreach (var zone in new[] { a, b })
        {
            await cluster.NodeAsync($"node-{zone}-1", zone);
            await cluster.NodeAsync($"node-{zone}-2", zone);
        }

        await cluster.StartOperatorAsync();
        await cluster.CreateCacheAsync((spec ?? new ReplicatedCacheSpec()) with { Zones = [a, b] });
        await cluster.RunMemberAsync(a, $"node-{a}-1");
        await cluster.RunMemberAsync(b, $"node-{b}-1");
        await cluster.RunProxyAsync($"node-{a}-1");
        await cluster.RunProxyAsync($"node-{b}-1");
        await cluster.UntilReason(Reasons.AllZonesServing);
        return cluster;
    }

    public ObjectKey Key(string name) => new(@namespace, name);

    public async Task StartOperatorAsync()
    {
        _operator = OperatorHost.Create(0, builder =>
        {
            builder.Services.AddSingleton(OperatorsServer ?? server.Kubernetes);
            builder.Services.AddCacheOperator(Settings with { Namespace = @namespace }, options =>
            {
                options.Namespaces = [@namespace];
                options.LeaderElection.Enabled = false;
            });
        });
        await _operator.StartAsync(Cancellation);
    }

    public async Task StopOperatorAsync()
    {
        if (_operator is null) return;
        await _operator.StopAsync(Cancellation);
        await _operator.DisposeAsync();
        _operator = null;
    }

    public async ValueTask DisposeAsync()
    {
        await StopOperatorAsync();
        foreach (var proxy in _proxies) await proxy.DisposeAsync();
    }

    public Task<ReplicatedCache> CreateCacheAsync(ReplicatedCacheSpec spec) =>
        Client.CreateAsync(new ReplicatedCache { Metadata = new V1ObjectMeta { Name = CacheName, NamespaceProperty = @namespace }, Spec = spec }, Cancellation);

    public async Task<ReplicatedCache> CacheAsync() => (await Client.GetAsync<ReplicatedCache>(Key(CacheName), Cancellation))!;

    public async Task EditAsync(Func<ReplicatedCacheSpec, ReplicatedCacheSpec> edit)
    {
        var cache = await CacheAsync();
        cache.Spec = edit(cache.Spec);
        await Client.ReplaceAsync(cache, Cancellation);
    }

    public async Task NodeAsync(string name, string zone, bool ready = true)
    {
        var node = new V1Node { Metadata = new V1ObjectMeta { Name = name, Labels = new Dictionary<string, string> { [CacheLabels.NodeZone] = zone } } };
        if (await Client.GetAsync<V1Node>(ObjectKey.Of(node), Cancellation) is null)
        {
            await Client.CreateAsync(node, Cancellation);

            // The server taints new nodes as not ready, and leaves it to a controller to take that back.
            var untainted = new JsonObject { ["spec"] = new JsonObject { ["taints"] = null } };
            await Client.PatchAsync<V1Node>(ObjectKey.Of(node), null, PatchFormat.StrategicMerge, untainted, "test", Cancellation);
        }

        await PatchStatusAsync<V1Node>(new ObjectKey(null, name), new JsonObject
        {
            ["conditions"] = new JsonArray(new JsonObject
            {
                ["type"] = "Ready",
                ["status"] = ready ? "True" : "Unknown",
                ["reason"] = "Test",
                ["message"] = "",
                ["lastTransitionTime"] = DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ssZ"),
            }),
        });
    }

    /// <summary>What StatefulSet controller, scheduler and kubelet do.</summary>
    public async Task<V1Pod> RunMemberAsync(string zone, string node, int ordinal = 0)
    {
        await Until(async () => await StatefulSetAsync(zone) is not null, $"the StatefulSet of {zone}");
        var set = (await StatefulSetAsync(zone))!;
        var pod = await RunAsync($"{set.Metadata.Name}-{ordinal}", set.Spec.Template, node, $"127.84.0.{_addresses++}");
        _processes[pod.Metadata.Uid] = $"1@{1000 + _addresses}";
        await PatchStatusAsync<V1StatefulSet>(Key(set.Metadata.Name), new JsonObject
        {
            ["observedGeneration"] = set.Metadata.Generation,
            ["replicas"] = set.Spec.Replicas,
            ["currentRevision"] = "r",
            ["updateRevision"] = "r",
        });
        return pod;
    }

    /// <summary>What Deployment controller, scheduler and kubelet do.</summary>
    public async Task<ProxyStandIn> RunProxyAsync(string node)
    {
        await Until(async () => await Client.GetAsync<V1Deployment>(Key($"{CacheName}-proxy"), Cancellation) is not null, "the proxies' Deployment");
        var proxy = await ProxyStandIn.StartAsync(uid => _processes.GetValueOrDefault(uid) ?? "1@1");
        _proxies.Add(proxy);
        proxy.Token = AdminTokenSecret.Read((await Client.GetAsync<V1Secret>(Key($"{CacheName}-admin"), Cancellation))!);
        var deployment = (await Client.GetAsync<V1Deployment>(Key($"{CacheName}-proxy"), Cancellation))!;
        await RunAsync($"{CacheName}-proxy-{_proxies.Count}", deployment.Spec.Template, node, proxy.Address);
        await PatchStatusAsync<V1Deployment>(Key($"{CacheName}-proxy"), new JsonObject
        {
            ["observedGeneration"] = deployment.Metadata.Generation,
            ["replicas"] = deployment.Spec.Replicas,
            ["updatedReplicas"] = deployment.Spec.Replicas,
        });
        return proxy;
    }

    /// <summary>What a kubelet does, of a pod that others have made.</summary>
    public Task<V1Pod> RunPodAsync(V1Pod pod) =>
        PatchStatusAsync<V1Pod>(ObjectKey.Of(pod), StandInStatus.OfRunningPod(pod.Spec.Containers[0].Name, $"127.84.0.{_addresses++}"));

    public void RestartProcess(V1Pod pod) => _processes[pod.Metadata.Uid] = $"1@{2000 + _addresses++}";

    public Task DeletePodAsync(string name) =>
        Client.DeleteAsync<V1Pod>(Key(name), new V1DeleteOptions { GracePeriodSeconds = 0 }, Cancellation);

    public Task<V1StatefulSet?> StatefulSetAsync(string zone) =>
        Client.GetAsync<V1StatefulSet>(Key(CacheNames.StatefulSet(CacheName, zone)), Cancellation);

    public async Task<TopologyDocument> TopologyAsync() =>
        TopologyConfigMap.Read((await Client.GetAsync<V1ConfigMap>(Key($"{CacheName}-topology"), Cancellation))!)!;

    public async Task<V1PodCondition?> GateAsync(string pod) =>
        (await Client.GetAsync<V1Pod>(Key(pod), Cancellation))?.Status?.Conditions?.FirstOrDefault(c => c.Type == ApiGroup.WarmCondition);

    public Task UntilReason(string reason) => Until(
        async () => (await CacheAsync()).Status?.Conditions?.FirstOrDefault(c => c.Type == "Ready")?.Reason == reason,
        $"Ready has the reason {reason}",
        async () => KubernetesJson.Serialize((await CacheAsync()).Status?.Conditions));

    /// <summary>Versions of everything that the operator might write.</summary>
    public async Task<IReadOnlyDictionary<string, string>> VersionsAsync()
    {
        var versions = new SortedDictionary<string, string>(StringComparer.Ordinal);
        async Task AddAsync<T>()
            where T : class, IKubernetesObject<V1ObjectMeta>
        {
            foreach (var item in (await Client.ListAsync<T>(@namespace, null, 0, null, Cancellation)).Items)
                versions[$"{typeof(T).Name}/{item.Metadata.Name}"] = item.Metadata.ResourceVersion;
        }

        await AddAsync<ReplicatedCache>();
        await AddAsync<V1StatefulSet>();
        await AddAsync<V1Deployment>();
        await AddAsync<V1Service>();
        await AddAsync<V1ConfigMap>();
        await AddAsync<V1Secret>();
        await AddAsync<V1NetworkPolicy>();
        await AddAsync<V1Pod>();
        await AddAsync<Corev1Event>();
        return versions;
    }

    public static async Task Until(Func<Task<bool>> condition, string what, Func<Task<string>>? seen = null)
    {
        var deadline = DateTime.UtcNow.AddSeconds(60);
        while (!await condition())
        {
            if (DateTime.UtcNow > deadline) Assert.Fail($"not within 60 s: {what}; {(seen is null ? "" : await seen())}");
            await Task.Delay(100, Cancellation);
        }
    }

    private async Task<V1Pod> RunAsync(string name, V1PodTemplateSpec template, string node, string ip)
    {
        template.Spec.NodeName = node;
        var pod = await Client.CreateAsync(
            new V1Pod
            {
                Metadata = new V1ObjectMeta
                {
                    Name = name, NamespaceProperty = @namespace, Labels = template.Metadata.Labels, Annotations = template.Metadata.Annotations,
                },
                Spec = template.Spec,
            },
            Cancellation);
        await PatchStatusAsync<V1Pod>(Key(name), StandInStatus.OfRunningPod(template.Spec.Containers[0].Name, ip));
        return pod;
    }

    private Task<T> PatchStatusAsync<T>(ObjectKey key, JsonObject status)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        Client.PatchAsync<T>(key, "status", PatchFormat.StrategicMerge, new JsonObject { ["status"] = status }, "test", Cancellation);
}
