using CacheOperator.Operator.Api;
using CacheOperator.Operator.Observing;
using CacheOperator.Operator.Rollouts;
using CacheOperator.Operator.Settings;
using k8s.Models;

namespace CacheOperator.Operator.Tests.Rollouts;

public sealed class ImagePinsTests
{
    private static readonly OperatorSettings Old = new() { MemcachedImage = "memcached:1", ProxyImage = "proxy:1" };
    private static readonly OperatorSettings New = new() { MemcachedImage = "memcached:2", ProxyImage = "proxy:2" };
    private static readonly CacheObservation Nothing = new() { Members = [], Proxies = [], StatefulSets = [], Nodes = [], NodesVisible = true };

    private static readonly CacheObservation RunsOld = Nothing with
    {
        StatefulSets = [new V1StatefulSet { Metadata = new V1ObjectMeta { Name = "c-memcached-a" }, Spec = new V1StatefulSetSpec { Template = Template("memcached", "memcached:1") } }],
        ProxyDeployment = new V1Deployment { Spec = new V1DeploymentSpec { Template = Template("proxy", "proxy:1") } },
    };

    private readonly ReplicatedCache _cache = new() { Metadata = new V1ObjectMeta { Name = "c", NamespaceProperty = "ns" } };

    [Fact]
    public void A_new_cache_gets_what_is_offered_and_keeps_it_under_another_operator()
    {
        Assert.Equal(("memcached:1", "proxy:1"), Images(Old, Nothing));
        Assert.Equal(("memcached:1", "proxy:1"), Images(New, RunsOld));
        Assert.Equal(
            ["members run memcached:1 instead of memcached:2", "proxies run proxy:1 instead of proxy:2"],
            ImagePins.Outdated(_cache.Spec, _cache.Status!.DefaultImages!, New));
        Assert.Empty(ImagePins.Outdated(_cache.Spec, _cache.Status.DefaultImages!, Old));
    }

    [Fact]
    public void A_cache_whose_status_was_lost_keeps_what_runs_even_where_an_old_request_is_still_noted()
    {
        Request("once");
        Assert.Equal(("memcached:1", "proxy:1"), Images(New, RunsOld));
        Assert.Equal(("memcached:1", "proxy:1"), Images(New, RunsOld));
    }

    [Fact]
    public void Each_new_request_is_followed_once()
    {
        Images(Old, Nothing);
        Request("one");
        Assert.Equal(("memcached:2", "proxy:2"), Images(New, RunsOld));
        Assert.Equal(("memcached:2", "proxy:2"), Images(Old, RunsOld));

        // Taken off and set again to the same, as a manifest that is applied again does.
        _cache.Metadata.Annotations = null;
        Images(Old, RunsOld);
        Request("one");
        Assert.Equal(("memcached:2", "proxy:2"), Images(Old, RunsOld));
        Request("two");
        Assert.Equal(("memcached:1", "proxy:1"), Images(Old, RunsOld));
    }

    [Fact]
    public void What_the_spec_names_is_never_outdated_and_without_it_what_is_offered_then_is_taken()
    {
        Images(Old, Nothing);
        _cache.Spec = new ReplicatedCacheSpec { Proxy = new ProxySpec { Image = "my/proxy:7" } };
        Images(New, RunsOld);
        Assert.Equal(["members run memcached:1 instead of memcached:2"], ImagePins.Outdated(_cache.Spec, _cache.Status!.DefaultImages!, New));
        _cache.Spec = new ReplicatedCacheSpec();
        Assert.Equal(("memcached:1", "proxy:2"), Images(New, RunsOld));
    }

    [Fact]
    public void Caches_follow_their_operator_where_that_is_wanted()
    {
        Images(Old, Nothing);
        Assert.Equal(("memcached:2", "proxy:2"), Images(New with { ImageUpdates = ImageUpdates.WithOperator }, RunsOld));
        Assert.Equal(("memcached:2", "proxy:2"), Images(Old, RunsOld));
    }

    /// <summary>As the operator does: what was chosen stands in the status afterwards.</summary>
    private (string? Memcached, string? Proxy) Images(OperatorSettings offered, CacheObservation observed)
    {
        var pins = ImagePins.Of(_cache, observed, offered);
        _cache.Status = new ReplicatedCacheStatus { DefaultImages = pins };
        return (pins.Memcached, pins.Proxy);
    }

    private void Request(string value) => _cache.Metadata.Annotations = new Dictionary<string, string> { [ApiGroup.UpdateImages] = value };

    private static V1PodTemplateSpec Template(string container, string image) => new()
    {
        Spec = new V1PodSpec { Containers = [new V1Container { Name = "injected", Image = "x" }, new V1Container { Name = container, Image = image }] },
    };
}
