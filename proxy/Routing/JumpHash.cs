namespace CacheOperator.Proxy.Routing;

/// <summary>
/// Jump consistent hash (Lamping, Veach: "A Fast, Minimal Memory, Consistent Hash Algorithm", 2014): going from n to
/// n + 1 shards moves 1/(n + 1) of the keys, all of them to the new shard.
/// </summary>
internal static class JumpHash
{
    /// <param name="hash">Hash of the key.</param>
    /// <param name="shards">At least 1.</param>
    /// <returns>0..<paramref name="shards"/>-1.</returns>
    public static int Shard(ulong hash, int shards)
    {
        if (shards == 1) return 0;
        long shard = -1, next = 0;
        while (next < shards)
        {
            shard = next;
            hash = unchecked((hash * 2862933555777941757UL) + 1);
            next = (long)((shard + 1) * ((double)(1L << 31) / ((hash >> 33) + 1)));
        }

        return (int)shard;
    }
}
