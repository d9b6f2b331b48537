using k8s.Models;

namespace CacheOperator.Operator.Growth;

/// <summary>Compares the resources of containers.</summary>
internal static class ResourceOrder
{
    public const string Memory = "memory";

    /// <summary>What the API lets change in a running pod.</summary>
    private static readonly HashSet<string> Resizable = new(StringComparer.Ordinal) { "cpu", Memory };

    public static bool AreEqual(V1ResourceRequirements one, V1ResourceRequirements other) => Compare(one, other, (a, b) => a == b, _ => false);

    /// <summary>Whether a pod has what is wanted for it. Servers and admission policies may have added what is not.</summary>
    public static bool Has(V1ResourceRequirements actual, V1ResourceRequirements wanted) =>
        HasAll(actual.Requests, wanted.Requests) && HasAll(actual.Limits, wanted.Limits);

    /// <summary>Whether the second have as much of everything as the first, or more, and differ only in what can be changed in a running pod.</summary>
    public static bool Grow(V1ResourceRequirements from, V1ResourceRequirements to) => Compare(from, to, (a, b) => a <= b, Resizable.Contains);

    /// <summary>Whether a running container, by what its node says of it, may use the memory that is wanted for it. CPU is rounded by nodes, and nothing depends on it.</summary>
    public static bool HasMemory(V1ResourceRequirements? actual, V1ResourceRequirements wanted) =>
        HasMemory(actual?.Limits, wanted.Limits) && HasMemory(actual?.Requests, wanted.Requests);

    public static decimal? MemoryLimit(V1ResourceRequirements resources) => Of(resources.Limits, Memory);

    private static bool HasAll(IDictionary<string, ResourceQuantity>? actual, IDictionary<string, ResourceQuantity>? wanted) =>
        (wanted?.Keys ?? []).All(name => Of(actual, name) == Of(wanted, name));

    private static bool HasMemory(IDictionary<string, ResourceQuantity>? actual, IDictionary<string, ResourceQuantity>? wanted) =>
        Of(wanted, Memory) is not { } needed || Of(actual, Memory) >= needed;

    private static bool Compare(V1ResourceRequirements one, V1ResourceRequirements other, Func<decimal, decimal, bool> fits, Predicate<string> mayDiffer) =>
        Compare(one.Requests, other.Requests, fits, mayDiffer) && Compare(one.Limits, other.Limits, fits, mayDiffer);

    private static bool Compare(
        IDictionary<string, ResourceQuantity>? one, IDictionary<string, ResourceQuantity>? other, Func<decimal, decimal, bool> fits, Predicate<string> mayDiffer) =>
        (one?.Keys ?? []).Union(other?.Keys ?? []).All(name =>
            Of(one, name) is { } before && Of(other, name) is { } after && (before == after || (mayDiffer(name) && fits(before, after))));

    private static decimal? Of(IDictionary<string, ResourceQuantity>? quantities, string name) =>
        quantities is not null && quantities.TryGetValue(name, out var quantity) ? quantity.ToDecimal() : null;
}
