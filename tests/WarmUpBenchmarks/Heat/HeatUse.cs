namespace CacheOperator.WarmUpBenchmarks.Heat;

/// <summary>How a source was used before it is copied.</summary>
/// <param name="Name">For people.</param>
/// <param name="Writes">Which part of the requests are sets.</param>
/// <param name="IsFull">Whether it has memory for a part of the keys only, so that it evicts, and what is missed is set again.</param>
internal sealed record HeatUse(string Name, double Writes, bool IsFull)
{
    /// <summary>What most caches are; and YCSB's workloads B and C.</summary>
    public static IReadOnlyList<HeatUse> All { get; } =
    [
        new("full", Writes: 0, IsFull: true),
        new("5 % writes", Writes: 0.05, IsFull: false),
        new("reads only", Writes: 0, IsFull: false),
    ];
}
