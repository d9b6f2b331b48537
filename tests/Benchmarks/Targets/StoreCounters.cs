namespace CacheOperator.Benchmarks.Targets;

/// <summary>memcached's <c>cmd_get</c> and <c>cmd_set</c>.</summary>
internal readonly record struct StoreCounters(long Gets, long Sets)
{
    public static StoreCounters operator +(StoreCounters left, StoreCounters right) => new(left.Gets + right.Gets, left.Sets + right.Sets);

    public static StoreCounters operator -(StoreCounters left, StoreCounters right) => new(left.Gets - right.Gets, left.Sets - right.Sets);
}
