using CacheOperator.Topology;

namespace CacheOperator.Operator.Topology;

/// <summary>Gives every proxy a number of its own, which it keeps.</summary>
internal static class ProxyNumbers
{
    private const int Count = TopologyValidator.MaxListedProxyNumber + 1;

    public static IReadOnlyList<ProxyIdentity> Assign(IReadOnlyList<ProxyIdentity> previous, IEnumerable<string> names)
    {
        var numbers = previous.ToDictionary(p => p.Name, p => p.Number, StringComparer.Ordinal);
        var wanted = names.Order(StringComparer.Ordinal).ToList();
        var taken = wanted.Where(numbers.ContainsKey).Select(n => numbers[n]).ToHashSet();

        // Upwards from the highest that was in use, and round: a number that was just given up rests for a while.
        var next = previous.Count > 0 ? (previous.Max(p => p.Number) + 1) % Count : 0;
        var assigned = new List<ProxyIdentity>();
        foreach (var name in wanted)
        {
            if (!numbers.TryGetValue(name, out var number))
            {
                // Those beyond the last number take one of their own from a hash of their name.
                if (taken.Count == Count) continue;
                while (!taken.Add(next))
                    next = (next + 1) % Count;
                number = next;
            }

            assigned.Add(new ProxyIdentity { Name = name, Number = number });
        }

        return assigned;
    }
}
