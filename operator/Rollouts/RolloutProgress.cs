using CacheOperator.Operator.Growth;
using k8s.Models;

namespace CacheOperator.Operator.Rollouts;

/// <summary>Says what is being rolled out.</summary>
internal static class RolloutProgress
{
    /// <param name="zones">Where they stand.</param>
    /// <param name="proxies">Their Deployment.</param>
    /// <param name="notInPlace">Why pods are replaced that were to be given more memory in place.</param>
    /// <returns>A sentence, or null when everything runs as it is described.</returns>
    public static string? Describe(IReadOnlyList<ZoneState> zones, V1Deployment? proxies, IReadOnlyList<string>? notInPlace = null)
    {
        var updating = zones.Where(z => z.IsUpdating).Select(z => z.Zone).ToList();
        var waiting = zones.Where(z => z.Exists && !z.IsCurrent && !z.IsUpdating).Select(z => z.Zone).ToList();
        var parts = new List<string>();
        if (updating.Count > 0) parts.Add($"zone {string.Join(", ", updating)} is being updated");
        if (waiting.Count > 0) parts.Add($"zone {string.Join(", ", waiting)} waits for its turn");
        if (proxies is not null && IsUpdating(proxies)) parts.Add("proxies are being updated");
        if (parts.Count == 0) return null;
        parts.AddRange(notInPlace ?? []);
        var text = string.Join("; ", parts);
        return char.ToUpperInvariant(text[0]) + text[1..] + ".";
    }

    /// <returns>Sentences, or null when no zone whose turn it is has members that grow in place.</returns>
    public static string? DescribeGrowth(IReadOnlyList<ZoneState> zones, IReadOnlyList<ZoneGrowth> growth)
    {
        var held = zones.Where(z => z.IsHeld).Select(z => z.Zone).ToHashSet(StringComparer.Ordinal);
        var parts = growth.Where(z => held.Contains(z.Zone)).Select(z => z.Describe()).OfType<string>().ToList();
        return parts.Count == 0 ? null : string.Join(" ", parts);
    }

    private static bool IsUpdating(V1Deployment proxies) =>
        (proxies.Status?.ObservedGeneration ?? 0) < (proxies.Metadata.Generation ?? 0)
        || (proxies.Status?.UpdatedReplicas ?? 0) < (proxies.Spec.Replicas ?? 1)
        || (proxies.Status?.Replicas ?? 0) > (proxies.Status?.UpdatedReplicas ?? 0);
}
