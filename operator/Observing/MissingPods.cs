namespace CacheOperator.Operator.Observing;

/// <summary>
/// Since when pods that StatefulSets should have made have been missing. Between a pod and its successor there is a moment without either; when there is none for long, something
/// forbids it: a quota, an admission policy, a priority class that does not exist. After a restart of the operator it counts from then.
/// </summary>
internal sealed class MissingPods
{
    /// <summary>Much longer than a controller takes.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly Dictionary<string, DateTimeOffset> _since = new(StringComparer.Ordinal);

    /// <returns>Names of the pods that have been missing for longer than <see cref="Patience"/>.</returns>
    public IReadOnlyList<string> Overdue(CacheObservation observed, DateTimeOffset now)
    {
        var there = observed.Members.Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
        var missing = observed.StatefulSets
            .Where(s => s.Metadata.DeletionTimestamp is null)
            .SelectMany(s => Enumerable.Range(0, s.Spec.Replicas ?? 1).Select(i => $"{s.Metadata.Name}-{i}"))
            .Where(name => !there.Contains(name))
            .ToHashSet(StringComparer.Ordinal);
        foreach (var name in _since.Keys.Except(missing).ToList()) _since.Remove(name);
        foreach (var name in missing) _since.TryAdd(name, now);
        return [.. _since.Where(s => now - s.Value >= Patience).Select(s => s.Key).Order(StringComparer.Ordinal)];
    }
}
