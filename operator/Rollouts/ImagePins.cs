using CacheOperator.Operator.Api;
using CacheOperator.Operator.Observing;
using CacheOperator.Operator.Resources;
using CacheOperator.Operator.Settings;
using k8s.Models;

namespace CacheOperator.Operator.Rollouts;

/// <summary>
/// Chooses the images of what names none. Another operator, or another setting of it, must not replace the pods of every cache at once: a
/// cache keeps what it began with until somebody asks for it.
/// </summary>
internal static class ImagePins
{
    public static DefaultImagesStatus Of(ReplicatedCache cache, CacheObservation observed, OperatorSettings offered)
    {
        var pinned = cache.Status?.DefaultImages;
        string? request = null;
        cache.Metadata.Annotations?.TryGetValue(ApiGroup.UpdateImages, out request);

        // Without pins there is nothing to tell an old request from a new one by: what runs stays.
        var renewed = offered.ImageUpdates == ImageUpdates.WithOperator || (pinned is not null && request is not null && request != pinned.UpdateRequest);
        var members = observed.StatefulSets.MinBy(set => set.Metadata.Name, StringComparer.Ordinal);
        return new DefaultImagesStatus
        {
            Memcached = Choose(cache.Spec.Engine?.Image, renewed, pinned?.Memcached ?? ImageIn(members?.Spec.Template), offered.MemcachedImage),
            Proxy = Choose(cache.Spec.Proxy?.Image, renewed, pinned?.Proxy ?? ImageIn(observed.ProxyDeployment?.Spec.Template), offered.ProxyImage),
            UpdateRequest = request ?? pinned?.UpdateRequest,
        };
    }

    /// <summary>What this operator would give a new cache and this one does not have, in words.</summary>
    public static IReadOnlyList<string> Outdated(ReplicatedCacheSpec spec, DefaultImagesStatus pins, OperatorSettings offered) =>
        [.. Differences(spec, pins, new DefaultImagesStatus { Memcached = offered.MemcachedImage, Proxy = offered.ProxyImage }).Select(d => $"{d.Of} run {d.One} instead of {d.Other}")];

    /// <summary>Where two choices differ. What the spec names speaks for itself.</summary>
    public static IEnumerable<(string Of, string? One, string? Other)> Differences(ReplicatedCacheSpec spec, DefaultImagesStatus one, DefaultImagesStatus other)
    {
        if (spec.Engine?.Image is null && one.Memcached != other.Memcached) yield return ("members", one.Memcached, other.Memcached);
        if (spec.Proxy?.Image is null && one.Proxy != other.Proxy) yield return ("proxies", one.Proxy, other.Proxy);
    }

    /// <summary>While the spec names one, there is nothing to keep: without it, the one offered then is taken.</summary>
    private static string Choose(string? named, bool renewed, string? kept, string offered) => named is not null || renewed ? offered : kept ?? offered;

    private static string? ImageIn(V1PodTemplateSpec? template) =>
        template?.Spec.Containers.FirstOrDefault(c => c.Name is MembersStatefulSet.ContainerName or ProxyDeployment.ContainerName)?.Image;
}
