namespace CacheOperator.Proxy.Replication;

/// <summary>memcached's two ways to say when an item expires.</summary>
internal static class ItemExpiry
{
    /// <summary>Longer times are read as Unix time.</summary>
    public const long MaxRelativeSeconds = 60 * 60 * 24 * 30;

    /// <summary>Whether an item with this expiry is gone at once.</summary>
    /// <param name="exptime">As clients send it.</param>
    /// <param name="now">The time.</param>
    public static bool IsPast(int exptime, DateTimeOffset now) => exptime < 0 || (exptime > MaxRelativeSeconds && exptime <= now.ToUnixTimeSeconds());

    /// <summary>Seconds to live of an item stored now, -1 for ever.</summary>
    /// <param name="exptime">As clients send it.</param>
    /// <param name="now">The time.</param>
    public static long Remaining(long exptime, DateTimeOffset now) => exptime switch
    {
        0 => -1,
        > MaxRelativeSeconds => Math.Max(exptime - now.ToUnixTimeSeconds(), 0),
        _ => exptime,
    };

    /// <summary>What to send so that an item lives for as long as it has left elsewhere.</summary>
    /// <param name="seconds">Time to live as a member reports it; -1 for ever.</param>
    /// <param name="now">The time that the report belongs to.</param>
    public static long ForRemaining(long seconds, DateTimeOffset now) => seconds switch
    {
        < 0 => 0,

        // It expires within this second; 0 would mean never.
        0 => 1,
        > MaxRelativeSeconds => now.ToUnixTimeSeconds() + seconds,
        _ => seconds,
    };
}
