using System.Globalization;

namespace CacheOperator.Topology;

/// <summary>
/// Tells one memcached process from the next at the same address: its pid and the second it started in, both from
/// <c>stats</c>. <c>time - uptime</c> is constant for the life of a process, because memcached derives both from
/// one clock, so every proxy computes the same text.
/// </summary>
public static class Incarnation
{
    /// <param name="pid">The statistic <c>pid</c>.</param>
    /// <param name="time">The statistic <c>time</c>, Unix seconds.</param>
    /// <param name="uptime">The statistic <c>uptime</c>, seconds.</param>
    public static string Of(long pid, long time, long uptime) =>
        string.Create(CultureInfo.InvariantCulture, $"{pid}@{time - uptime}");
}
