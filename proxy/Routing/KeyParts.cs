using CacheOperator.Topology;

namespace CacheOperator.Proxy.Routing;

/// <summary>Cuts the keys of a shard into parts that are copied by different proxies.</summary>
internal static class KeyParts
{
    // Any other number than those that weights and sums are mixed with.
    private const ulong Salt = 0x9e3779b97f4a7c15UL;

    /// <param name="keyHash">Hash of the key, see <see cref="KeyHash"/>. Shards go by the same one, so it is mixed once more.</param>
    /// <param name="part">Null holds every key.</param>
    public static bool Holds(KeyPart? part, ulong keyHash) =>
        part is null || Math.BigMul(KeyHash.Mix(keyHash ^ Salt), (ulong)part.Of, out _) == (ulong)part.Number;
}
