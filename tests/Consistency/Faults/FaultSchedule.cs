namespace CacheOperator.Consistency.Faults;

/// <summary>The faults of a round, which follow from the seed alone.</summary>
internal static class FaultSchedule
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(4);

    /// <param name="random">Of this round.</param>
    /// <param name="mix">Which faults.</param>
    /// <param name="length">Of the round.</param>
    /// <param name="zones">How many zones, and proxies.</param>
    /// <param name="shards">How many members each zone has.</param>
    public static IReadOnlyList<Fault> Of(Random random, FaultMix mix, TimeSpan length, int zones, int shards)
    {
        int? onlyZone = mix.SparesZones && random.Next(2) == 0 ? random.Next(zones) : null;
        int? onlyProxy = mix.SparesProxies ? random.Next(zones) : null;
        var faults = new List<Fault>();
        for (var i = 0; i < mix.Count; i++)
        {
            faults.Add(new Fault(
                Pick(random, mix.Weights),
                length * ((i + random.NextDouble()) / (mix.Count + 1)),
                mix.Shortest + ((Longest - mix.Shortest) * Math.Pow(random.NextDouble(), 2)),
                onlyZone ?? random.Next(zones),
                random.Next(shards),
                onlyProxy ?? random.Next(zones)));
        }

        return faults;
    }

    private static FaultKind Pick(Random random, IReadOnlyDictionary<FaultKind, int> weights)
    {
        var at = random.Next(weights.Values.Sum());
        return weights.OrderBy(entry => entry.Key).First(entry => (at -= entry.Value) < 0).Key;
    }
}
