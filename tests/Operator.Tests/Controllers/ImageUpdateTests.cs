using CacheOperator.Operator.Api;
using CacheOperator.Operator.Settings;
using CacheOperator.Operator.Status;
using CacheOperator.Operator.Tests.ApiServer;
using k8s.Models;

namespace CacheOperator.Operator.Tests.Controllers;

/// <summary>An operator leaves, and one of another version comes.</summary>
[Collection(KubeApiServer.Collection)]
public sealed class ImageUpdateTests(KubeApiServer server)
{
    private readonly string _a = $"a-{Guid.NewGuid():N}"[..10];
    private readonly string _b = $"b-{Guid.NewGuid():N}"[..10];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Another_operators_images_wait_until_somebody_asks_for_them()
    {
        await using var cluster = await ClusterStandIn.RunningAsync(server, _a, _b);
        var before = await cluster.VersionsAsync();
        await cluster.StopOperatorAsync();
        cluster.Settings = new OperatorSettings { MemcachedImage = "memcached:new", ProxyImage = "proxy:new" };
        await cluster.StartOperatorAsync();
        await ClusterStandIn.Until(async () => await OfferAsync(cluster) is not null, "the cache tells that there are others");
        Assert.Contains(ApiGroup.UpdateImages, await OfferAsync(cluster), StringComparison.Ordinal);
        var polls = cluster.Polls;
        await ClusterStandIn.Until(() => Task.FromResult(cluster.Polls > polls), "it is at rest");
        var after = await cluster.VersionsAsync();
        Assert.Equal(before.Where(IsPartOfFleet), after.Where(IsPartOfFleet));
        Assert.Equal("True", (await cluster.CacheAsync()).Status!.Conditions!.Single(c => c.Type == ConditionTypes.Ready).Status);

        var cache = await cluster.CacheAsync();
        cache.Metadata.Annotations = new Dictionary<string, string> { [ApiGroup.UpdateImages] = "now" };
        await cluster.Client.ReplaceAsync(cache, Cancellation);
        await ClusterStandIn.Until(async () => await ProxyImageAsync(cluster) == "proxy:new", "the proxies' image");
        await ClusterStandIn.Until(async () => (await cluster.StatefulSetAsync(_a))!.Spec.Template.Spec.Containers[0].Image == "memcached:new", "the first zone's image");
        await ClusterStandIn.Until(async () => await OfferAsync(cluster) is null, "nothing is left to take");
        Assert.Equal(
            new DefaultImagesStatus { Memcached = "memcached:new", Proxy = "proxy:new", UpdateRequest = "now" },
            (await cluster.CacheAsync()).Status!.DefaultImages);
        await ClusterStandIn.Until(
            async () => (await cluster.Client.ListAsync<Corev1Event>(cluster.Key("").Namespace, null, 0, null, Cancellation)).Items.Any(e => e.Reason == "ImagesUpdated"),
            "an event");
    }

    private static bool IsPartOfFleet(KeyValuePair<string, string> version) =>
        version.Key.Split('/')[0] is not (nameof(ReplicatedCache) or nameof(Corev1Event));

    private static async Task<string?> OfferAsync(ClusterStandIn cluster) =>
        (await cluster.CacheAsync()).Status!.Conditions!.SingleOrDefault(c => c.Type == ConditionTypes.UpdateAvailable)?.Message;

    private static async Task<string> ProxyImageAsync(ClusterStandIn cluster) =>
        (await cluster.Client.GetAsync<V1Deployment>(cluster.Key($"{ClusterStandIn.CacheName}-proxy"), Cancellation))!.Spec.Template.Spec.Containers[0].Image;
}
