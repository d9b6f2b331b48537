using System.Numerics;
using CacheOperator.Topology;

namespace CacheOperator.Proxy.Replication;

/// <summary>Decides when a write may be answered. Sets of replicas are bit masks.</summary>
internal static class AckRule
{
    /// <summary>
    /// Whether this proxy has lost so many replicas by itself that it may be the one that is cut off: then it acknowledges no write,
    /// unless the topology asks for no majority. It is the topology that says which replicas are lost to everybody.
    /// </summary>
    /// <param name="policy">What the topology asks for.</param>
    /// <param name="ready">How many replicas are Ready, reachable or not.</param>
    /// <param name="missing">Those of them that failed or are ejected.</param>
    public static bool IsOutvoted(WriteAck policy, int ready, ulong missing) => policy != WriteAck.Local && 2 * BitOperations.PopCount(missing) > ready;

    /// <summary>
    /// Whether an item that these replicas hold in the same version cannot have been replaced by a write that was acknowledged: one
    /// that all of them had missed would have been outvoted.
    /// </summary>
    /// <param name="policy">What the topology asks for.</param>
    /// <param name="ready">How many replicas are Ready, reachable or not.</param>
    /// <param name="holders">Those that hold it.</param>
    public static bool IsCurrent(WriteAck policy, int ready, ulong holders) => IsOutvoted(policy, ready, missing: holders);

    /// <param name="policy">What the topology asks for.</param>
    /// <param name="ready">How many replicas are Ready, reachable or not.</param>
    /// <param name="applied">Those that have acknowledged.</param>
    /// <param name="pending">Those that may still do so; the ones that failed or are ejected are in neither set.</param>
    /// <param name="local">Those in the proxy's own zone.</param>
    /// <param name="primary">The key's primary.</param>
    public static bool IsSatisfied(WriteAck policy, int ready, ulong applied, ulong pending, ulong local, ulong primary)
    {
        if (applied == 0) return false;
        var possible = applied | pending;
        switch (policy)
        {
            case WriteAck.All:
                return pending == 0;
            case WriteAck.Local:
                var wanted = (possible & local) != 0 ? possible & local : possible & primary;
                return wanted != 0 ? (applied & wanted) != 0 : pending == 0;
            default:
                var majority = Math.Min((ready / 2) + 1, BitOperations.PopCount(possible));
                return (pending & (local | primary)) == 0 && BitOperations.PopCount(applied) >= majority;
        }
    }
}
