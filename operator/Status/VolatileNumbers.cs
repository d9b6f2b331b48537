using CacheOperator.Operator.Api;

namespace CacheOperator.Operator.Status;

/// <summary>
/// Items, bytes and hit ratio move with every request. They are written when they changed notably, and not often; in between the status
/// keeps the old ones, so that a fleet under load is at rest for the API server.
/// </summary>
internal static class VolatileNumbers
{
    /// <summary>Between two writes that are due to these numbers alone.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(60);

    /// <summary>The new zones, with the old numbers wherever they may stay. The first numbers of a zone are always taken.</summary>
    /// <param name="due">Whether the last such write is long enough ago.</param>
    public static IReadOnlyList<ZoneStatus> Settle(IReadOnlyList<ZoneStatus> before, IReadOnlyList<ZoneStatus> now, bool due) =>
        [.. now.Select(zone => before.FirstOrDefault(b => b.Name == zone.Name) is { Items: not null } old && !(due && IsNotable(old, zone)) ? Keep(old, zone) : zone)];

    /// <summary>Whether <see cref="Settle"/> would take a new number when that is due.</summary>
    public static bool AreOutdated(IReadOnlyList<ZoneStatus> before, IReadOnlyList<ZoneStatus> now) =>
        now.Any(zone => before.FirstOrDefault(b => b.Name == zone.Name) is not { Items: not null } old || IsNotable(old, zone));

    private static ZoneStatus Keep(ZoneStatus old, ZoneStatus zone) => zone with { Items = old.Items, Bytes = old.Bytes, HitRatio = old.HitRatio };

    private static bool IsNotable(ZoneStatus old, ZoneStatus zone) =>
        IsNotable(old.Items, zone.Items)
        || IsNotable(old.Bytes, zone.Bytes)
        || old.HitRatio is null != zone.HitRatio is null
        || Math.Abs((old.HitRatio ?? 0) - (zone.HitRatio ?? 0)) >= 5;

    /// <summary>A tenth more or less.</summary>
    private static bool IsNotable(long? old, long? value) =>
        old is null || value is null ? old != value : Math.Abs(old.Value - value.Value) > Math.Max(old.Value, value.Value) / 10;
}
