using CacheOperator.Operator.Api;

namespace CacheOperator.Operator.Resources;

/// <summary>Labels of a cache's objects, as docs/topology.md lists them.</summary>
internal static class CacheLabels
{
    public const string Name = "app.kubernetes.io/name";
    public const string NameValue = "replicated-cache";
    public const string Instance = "app.kubernetes.io/instance";
    public const string Component = "app.kubernetes.io/component";
    public const string ManagedBy = "app.kubernetes.io/managed-by";
    public const string ManagedByValue = "cache-operator";
    public const string Cache = ApiGroup.Name + "/cache";
    public const string Zone = ApiGroup.Name + "/zone";
    public const string Memcached = "memcached";
    public const string Proxy = "proxy";

    /// <summary>The label by which nodes tell their zone.</summary>
    public const string NodeZone = "topology.kubernetes.io/zone";

    public const string NodeName = "kubernetes.io/hostname";

    public static bool IsOwned(string key) =>
        key is Name or Instance or Component or ManagedBy || key.StartsWith(ApiGroup.Name + "/", StringComparison.Ordinal);

    /// <summary>All labels of an object of <see cref="Memcached"/>, of <see cref="Proxy"/>, or (null) of the whole cache.</summary>
    public static SortedDictionary<string, string> Of(string cache, string? component = null, string? zone = null)
    {
        var labels = Selector(cache, component, zone);
        labels[ManagedBy] = ManagedByValue;
        labels[Cache] = cache;
        return labels;
    }

    /// <summary>The part of the labels that selects: it never changes, because selectors cannot.</summary>
    public static SortedDictionary<string, string> Selector(string cache, string? component = null, string? zone = null)
    {
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal) { [Name] = NameValue, [Instance] = cache };
        if (component is not null) labels[Component] = component;
        if (zone is not null) labels[Zone] = zone;
        return labels;
    }
}
