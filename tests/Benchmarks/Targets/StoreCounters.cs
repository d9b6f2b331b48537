namespace CacheOperator.Benchmarks.Targets;

/// <summary>memcached's <c>cmd_get</c> and <c>cmd_set</c>.</summary>
internal readonly record struct StoreCounters(long Gets, long Sets)
{
    // A proxy shows every member now and then which topology it acts by.
    private const int Marks = 30;

    public static StoreCounters operator +(StoreCounters left, StoreCounters right) => new(left.Gets + right.Gets, left.Sets + right.Sets);

    public static StoreCounters operator -(StoreCounters left, StoreCounters right) => new(left.Gets - right.Gets, left.Sets - right.Sets);

    /// <summary>
    /// Whether everything that was asked for arrived. Writes must agree, but for those of the proxies themselves; reads may be more, for a proxy may ask another
    /// zone too when an answer takes long.
    /// </summary>
    /// <param name="expected">What the clients asked for.</param>
    /// <param name="tolerance">Part of it that may be missing.</param>
    public bool Cover(StoreCounters expected, double tolerance) =>
        Gets >= expected.Gets * (1 - tolerance) && Math.Abs(Sets - expected.Sets) <= (expected.Sets * tolerance) + Marks;
}
