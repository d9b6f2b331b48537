namespace CacheOperator.Benchmarks.Targets;

/// <summary>memcached's <c>cmd_get</c> and <c>cmd_set</c>.</summary>
internal readonly record struct StoreCounters(long Gets, long Sets)
{
    public static StoreCounters operator +(StoreCounters left, StoreCounters right) => new(left.Gets + right.Gets, left.Sets + right.Sets);

    public static StoreCounters operator -(StoreCounters left, StoreCounters right) => new(left.Gets - right.Gets, left.Sets - right.Sets);

    /// <param name="expected">What they should be.</param>
    /// <param name="tolerance">Part of it by which they may differ.</param>
    public bool IsClose(StoreCounters expected, double tolerance) =>
        Math.Abs(Gets - expected.Gets) <= expected.Gets * tolerance && Math.Abs(Sets - expected.Sets) <= expected.Sets * tolerance;
}
