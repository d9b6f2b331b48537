using k8s.Models;

namespace CacheOperator.Operator.Rollouts;

/// <summary>Says what is being rolled out.</summary>
internal static class RolloutProgress
{
    /// <returns>A sentence, or null when everything runs as it is described.</returns>
    public static string? Describe(IReadOnlyList<ZoneState> zones, V1Deployment? proxies)
    {
        var updating = zones.Where(z => z.IsUpdating).Select(z => z.Zone).ToList();
        var waiting = zones.Where(z => z.Exists && !z.IsCurrent && !z.IsUpdating).Select(z => z.Zone).ToList();
        var parts = new List<string>();
        if (updating.Count > 0) parts.Add($"zone {string.Join(", ", updating)} is being updated");
        if (waiting.Count > 0) parts.Add($"zone {string.Join(", ", waiting)} waits for its turn");
        if (proxies is not null && IsUpdating(proxies)) parts.Add("proxies are being updated");
        if (parts.Count == 0) return null;
        var text = string.Join("; ", parts);
        return char.ToUpperInvariant(text[0]) + text[1..] + ".";
    }

    private static bool IsUpdating(V1Deployment proxies) =>
        (proxies.Status?.ObservedGeneration ?? 0) < (proxies.Metadata.Generation ?? 0)
        || (proxies.Status?.UpdatedReplicas ?? 0) < (proxies.Spec.Replicas ?? 1)
        || (proxies.Status?.Replicas ?? 0) > (proxies.Status?.UpdatedReplicas ?? 0);
}
