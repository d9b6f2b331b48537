namespace CacheOperator.Operator.Autoscaling;

/// <summary>What is remembered of the load, to tell what lasts from what passes. A new leader begins anew, which only makes it more patient.</summary>
/// <param name="QuietSince">Since when nothing has been changed or out of order.</param>
internal sealed record ShardPressure(DateTimeOffset QuietSince)
{
    /// <summary>
    /// Members may be full from here on; evictions tell whether they are. Memory is given to classes of items by the page, and what is left in
    /// pages counts as free: a memcached that evicts holds 0.9 of its limit with items of one size, and 0.6 in 16 MiB with values of up to 20 KB.
    /// </summary>
    public const double Full = 0.55;

    /// <summary>One shard less must leave so much of the limit free that growing again is far away.</summary>
    public const double Spare = 0.35;

    /// <summary>Fewer evictions than one in so many items and <see cref="Slot"/> are no pressure: that is a cache which forgets what nobody has asked for in most of a day.</summary>
    public const int ItemsPerEviction = 1000;

    /// <summary>Evictions are counted in slots of this length.</summary>
    public static readonly TimeSpan Slot = TimeSpan.FromMinutes(1);

    /// <summary>Since when members have been full and evicting; null when they are not.</summary>
    public DateTimeOffset? FullSince { get; private init; }

    /// <summary>Since when one shard less would do with ease; null when it would not.</summary>
    public DateTimeOffset? SpareSince { get; private init; }

    private DateTimeOffset Observed { get; init; } = QuietSince;

    private DateTimeOffset SlotStart { get; init; }

    /// <summary>As they were at the start of the slot; null before the first.</summary>
    private IReadOnlyDictionary<string, long>? SlotEvictions { get; init; }

    private DateTimeOffset? Evicted { get; init; }

    /// <summary>What there is to remember from now on. After a time without a look (a pause, a jump of the clock) nothing is known to have lasted.</summary>
    /// <param name="load">Null while something is being changed or out of order: everything is forgotten.</param>
    /// <param name="shards">Number of shards that the load is spread over.</param>
    /// <param name="now">The time.</param>
    public ShardPressure Observe(ShardLoad? load, int shards, DateTimeOffset now)
    {
        if (load is null || now - Observed > Slot) return new ShardPressure(now);
        var evicted = SlotEvictions is not null && Count(SlotEvictions, load.Evictions) >= Math.Max(1, load.Items / ItemsPerEviction) ? now : Evicted;
        var isEvicting = now - evicted <= Slot;
        var isFull = isEvicting && load.Usage >= Full;
        var isSpare = !isEvicting && shards > 1 && load.Usage * shards / (shards - 1) <= Spare;
        var isSlotOver = SlotEvictions is null || now - SlotStart >= Slot;
        return this with
        {
            FullSince = isFull ? FullSince ?? now : null,
            SpareSince = isSpare ? SpareSince ?? now : null,
            Observed = now,
            Evicted = evicted,
            SlotStart = isSlotOver ? now : SlotStart,
            SlotEvictions = isSlotOver ? load.Evictions : SlotEvictions,
        };
    }

    /// <summary>Processes that have begun anew count from zero, and those that were not there not at all.</summary>
    private static long Count(IReadOnlyDictionary<string, long> before, IReadOnlyDictionary<string, long> now) =>
        now.Sum(n => before.TryGetValue(n.Key, out var then) ? Math.Max(0, n.Value - then) : 0);
}
