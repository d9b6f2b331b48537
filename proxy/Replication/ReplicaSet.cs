using System.Numerics;
using CacheOperator.Proxy.Hints;
using CacheOperator.Proxy.Members;
using CacheOperator.Proxy.Protocol;
using CacheOperator.Proxy.Routing;
using CacheOperator.Topology;

namespace CacheOperator.Proxy.Replication;

/// <summary>
/// The members that hold a key, as one event loop reaches them: those of the shard that owns it, in reading order, and then, while it moves, those of the
/// other shard. The latter are written as members that are not Ready, and are not read.
/// </summary>
/// <param name="owner">The generation that this set belongs to.</param>
/// <param name="routes">Where the members are.</param>
/// <param name="members">The connections to them.</param>
/// <param name="owning">How many of them, from the first on, are of the shard that owns the key.</param>
internal sealed class ReplicaSet(RouteSet owner, IReadOnlyList<ReplicaRoute> routes, MemberConnection[] members, int owning)
{
    private readonly ulong[] _seeds = [.. routes.Select(r => r.Seed)];
    private readonly ulong _ready = Mask(routes, static r => r.Member.State.ServesReads());
    private readonly ulong[] _filledFrom = [.. routes.Select(source => FilledFrom(owner, routes, source.Member.Uid))];

    /// <summary>The generation that this set belongs to.</summary>
    public RouteSet Owner { get; } = owner;

    public int Count => members.Length;

    /// <summary>
    /// Whether there are members of another shard. A write is answered only when it has reached them too: a neighbour on another generation may read there.
    /// </summary>
    public bool IsMoving => owning < members.Length;

    /// <summary>The replicas in the proxy's own zone.</summary>
    public ulong Local { get; } = Mask(routes, static r => r.IsLocal);

    public MemberConnection this[int replica] => members[replica];

    /// <summary>
    /// Whether it may be read and may decide: it is Ready, and of the shard that owns the key. What was routed here while it was Ready may end here when it is
    /// about to leave: it gets all writes until nobody reads there any more.
    /// </summary>
    public bool IsReady(int replica) => replica < owning && (members[replica].IsReady || (members[replica].IsDraining && (_ready & (1UL << replica)) != 0));

    /// <summary>The Ready replica that decides conditional writes of this key: the same one for every proxy that sees the same members.</summary>
    /// <param name="key">The key.</param>
    /// <param name="keyHash">Its hash.</param>
    /// <param name="excluded">Replicas not to take.</param>
    /// <returns>-1 when none can be asked.</returns>
    public int Primary(ReadOnlySpan<byte> key, ulong keyHash, ulong excluded)
    {
        var proven = Heaviest(key, keyHash, excluded, mustBeProven: true);
        return proven >= 0 ? proven : Heaviest(key, keyHash, excluded, mustBeProven: false);
    }

    /// <summary>Whether a read there is one that the proxy's own zone could not serve.</summary>
    public bool IsForeign(int replica) => (Local & (1UL << replica)) == 0 && Owner.Table.Zone is not null;

    /// <summary>
    /// The replica to read from: those that answer at once before those that are slow, before those that are still connecting.
    /// Those that missed writes come last, and only if no other one, reachable or not, has missed less of these keys: nothing better exists then.
    /// </summary>
    /// <param name="asked">Replicas not to take.</param>
    /// <param name="keys">What is to be read.</param>
    /// <returns>-1 when none is left.</returns>
    public int NextToRead(ulong asked, ReadOnlySpan<byte> keys)
    {
        int slow = -1, connecting = -1;
        for (var i = 0; i < owning; i++)
        {
            var member = members[i];
            if ((asked & (1UL << i)) != 0 || !IsReady(i) || !member.AcceptsRequests || !member.Health.IsClean) continue;
            if (!member.IsUp)
            {
                if (connecting < 0) connecting = i;
            }
            else if (!member.IsSlow)
            {
                return i;
            }
            else if (slow < 0)
            {
                slow = i;
            }
        }

        return slow >= 0 ? slow : connecting >= 0 ? connecting : LeastStale(keys, asked);
    }

    /// <summary>The replicas that are being filled from these.</summary>
    public ulong FilledFrom(ulong sources)
    {
        var targets = 0UL;
        for (; sources != 0; sources &= sources - 1) targets |= _filledFrom[BitOperations.TrailingZeroCount(sources)];
        return targets;
    }

    private int LeastStale(ReadOnlySpan<byte> keys, ulong excluded)
    {
        var least = LeastLack(keys);
        for (var i = 0; i < owning; i++)
        {
            if ((excluded & (1UL << i)) == 0 && IsReady(i) && members[i].AcceptsRequests && LackOf(members[i], keys) == least) return i;
        }

        return -1;
    }

    // This may be lacking wherever one looks.
    private Lack LeastLack(ReadOnlySpan<byte> keys)
    {
        var least = Lack.Unknown;
        for (var i = 0; i < owning; i++)
        {
            if (IsReady(i) && LackOf(members[i], keys) is var lack && lack.CompareTo(least) < 0) least = lack;
        }

        return least;
    }

    private static Lack LackOf(MemberConnection member, ReadOnlySpan<byte> keys)
    {
        if (member.Health.IsClean) return default;

        // One key may be followed by its flag.
        var lack = member.Health.LackOf(keys);
        foreach (var key in new KeyList(keys)) lack = lack.And(member.Health.LackOf(key));
        return lack;
    }

    // Proven: its process is known to be the one expected, and it has missed nothing. Otherwise none may have missed less of the key.
    private int Heaviest(ReadOnlySpan<byte> key, ulong keyHash, ulong excluded, bool mustBeProven)
    {
        var best = -1;
        var bestWeight = 0UL;
        var least = mustBeProven ? default : LeastLack(key);
        for (var i = 0; i < owning; i++)
        {
            var member = members[i];
            if ((excluded & (1UL << i)) != 0 || !IsReady(i) || !member.AcceptsRequests) continue;
            if (mustBeProven ? !(member.IsUp && member.Health.IsClean) : LackOf(member, key).CompareTo(least) > 0) continue;
            var weight = KeyHash.Weight(keyHash, _seeds[i]);
            if (best >= 0 && weight <= bestWeight) continue;
            (best, bestWeight) = (i, weight);
        }

        return best;
    }

    private static ulong FilledFrom(RouteSet owner, IReadOnlyList<ReplicaRoute> routes, string source)
    {
        var targets = owner.Table.Document.Copies.Where(c => c.Source == source).Select(c => c.Target).ToHashSet();
        return targets.Count == 0 ? 0 : Mask(routes, r => targets.Contains(r.Member.Uid));
    }

    private static ulong Mask(IReadOnlyList<ReplicaRoute> routes, Func<ReplicaRoute, bool> predicate)
    {
        var mask = 0UL;
        for (var i = 0; i < routes.Count; i++)
        {
            if (predicate(routes[i])) mask |= 1UL << i;
        }

        return mask;
    }
}
