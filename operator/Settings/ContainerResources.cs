using CacheOperator.Operator.Api;
using k8s.Models;

namespace CacheOperator.Operator.Settings;

/// <summary>Default requests and limits, and what a spec says instead.</summary>
internal static class ContainerResources
{
    private const long Mebi = 1024 * 1024;

    /// <summary>
    /// memcached's <c>-m</c> bounds items only. The hash table (8 bytes an item, half as much again while it grows),
    /// connection buffers and threads come on top: a quarter covers items of 100 bytes.
    /// </summary>
    /// <param name="memory">For items, in bytes.</param>
    /// <returns>For all of it, in bytes: whole MiB.</returns>
    public static long NeededFor(long memory) => (memory + (memory / 4) + (32 * Mebi) + Mebi - 1) / Mebi * Mebi;

    public static V1ResourceRequirements ForMemcached(long memory)
    {
        var total = new ResourceQuantity($"{NeededFor(memory) / Mebi}Mi");
        return Of([("cpu", new ResourceQuantity("50m")), ("memory", total)], [("memory", total)]);
    }

    public static V1ResourceRequirements ForProxy() =>
        Of([("cpu", new ResourceQuantity("100m")), ("memory", new ResourceQuantity("128Mi"))], [("memory", new ResourceQuantity("512Mi"))]);

    public static V1ResourceRequirements Merge(List<string> faults, string field, ResourcesSpec? wanted, V1ResourceRequirements defaults)
    {
        var requests = Merge(faults, $"{field}.requests", wanted?.Requests, defaults.Requests);
        var limits = Merge(faults, $"{field}.limits", wanted?.Limits, defaults.Limits);
        if (wanted is not null)
        {
            // Kubernetes would refuse the pods, and would not know where the request comes from.
            foreach (var (name, limit) in limits.Where(l => requests.TryGetValue(l.Key, out var request) && request.ToDecimal() > l.Value.ToDecimal()))
                faults.Add($"{field}.limits.{name}: {limit} is less than {field}.requests.{name} ({requests[name]}); raise the one or lower the other");
        }

        return new V1ResourceRequirements { Requests = requests, Limits = limits };
    }

    private static SortedDictionary<string, ResourceQuantity> Merge(
        List<string> faults, string field, IReadOnlyDictionary<string, string>? wanted, IDictionary<string, ResourceQuantity> defaults)
    {
        var merged = new SortedDictionary<string, ResourceQuantity>(defaults, StringComparer.Ordinal);
        foreach (var (name, text) in wanted ?? new Dictionary<string, string>())
        {
            try
            {
                merged[name] = new ResourceQuantity(text);
            }
            catch (Exception e) when (e is FormatException or ArgumentException or OverflowException)
            {
                faults.Add($"{field}.{name}: {text} is not a quantity such as 500m or 1Gi");
            }
        }

        return merged;
    }

    private static V1ResourceRequirements Of((string Name, ResourceQuantity Value)[] requests, (string Name, ResourceQuantity Value)[] limits) => new()
    {
        Requests = requests.ToDictionary(r => r.Name, r => r.Value),
        Limits = limits.ToDictionary(l => l.Name, l => l.Value),
    };
}
