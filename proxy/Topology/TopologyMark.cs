using CacheOperator.Proxy.Routing;
using CacheOperator.Topology;

namespace CacheOperator.Proxy.Topology;

/// <summary>
/// How a member shows which generation proxies act by: an item without a value under the <see cref="ReservedKey"/>. Its version is the
/// generation, and a check by which marks of other caches, and items that others made, are told apart.
/// </summary>
/// <remarks>In the version, because <c>me</c> tells it without a trace in the member's LRU and statistics, and because <c>C</c> compares it.</remarks>
internal static class TopologyMark
{
    /// <summary>Seconds that a mark stays after its last refreshing: a generation that no proxy has any more is forgotten after that.</summary>
    public const int Lifetime = 60;

    /// <summary>With fewer seconds left, a mark is refreshed.</summary>
    public const int RefreshBelow = 40;

    private const int CheckBits = 24;

    public static ulong VersionOf(string cache, long generation) => ((ulong)generation << CheckBits) | Check(cache, (ulong)generation);

    /// <param name="cache">The cache whose marks count.</param>
    /// <param name="version">The version of an item under the reserved key.</param>
    /// <param name="secondsLeft">How long the item lives, -1 for ever.</param>
    /// <returns>0 when it is no mark of this cache.</returns>
    public static long GenerationOf(string cache, ulong version, long secondsLeft)
    {
        var generation = version >> CheckBits;
        return secondsLeft is >= 0 and <= Lifetime && version == (generation << CheckBits | Check(cache, generation)) ? (long)generation : 0;
    }

    private static ulong Check(string cache, ulong generation) => KeyHash.Weight(KeyHash.Of(cache), generation) >> (64 - CheckBits);
}
