using CacheOperator.Proxy.Protocol;

namespace CacheOperator.Proxy.Replication;

/// <summary>The parts of a version: milliseconds since 2024 (42 bits), counter (11), proxy number (10), tombstone (1).</summary>
internal static class ItemVersion
{
    public const int NumberShift = 1;
    public const int CounterShift = 11;
    public const int MillisecondsShift = 22;
    public const int MaxNumber = (1 << 10) - 1;

    private const ulong ClockDoubtMilliseconds = 60_000;

    /// <summary>Where the milliseconds of a version begin.</summary>
    public static readonly DateTimeOffset Origin = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Whether a proxy gave it: memcached counts its own from 1.</summary>
    public static bool IsGiven(ulong version) => version >> MillisecondsShift != 0;

    /// <summary>
    /// Whether it is of a later write, however wrong the clocks of two proxies may be. Of writes that are closer together than that, the second one may have the
    /// lower version.
    /// </summary>
    public static bool IsSurelyLater(ulong version, ulong than) => IsGiven(than) && (version >> MillisecondsShift) > (than >> MillisecondsShift) + ClockDoubtMilliseconds;

    /// <summary>The version of the tombstone that deletes what is older than <paramref name="version"/>.</summary>
    public static ulong Tombstone(ulong version) => version | 1;

    /// <summary>Whether an item stands for a deletion. Its value is empty too, so that a foreign odd version is not taken for one.</summary>
    public static bool IsTombstone(ulong version, ulong length) => (version & 1) != 0 && length == 0;

    public static bool IsTombstone(in MemberReply reply) =>
        IsTombstone(reply.Version, reply.Kind is ReplyKind.Value or ReplyKind.Item ? (ulong)reply.Value.Length : reply.Size);
}
