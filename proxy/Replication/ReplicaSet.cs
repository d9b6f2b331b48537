using System.Numerics;
using CacheOperator.Proxy.Members;
using CacheOperator.Proxy.Routing;

namespace CacheOperator.Proxy.Replication;

/// <summary>The members of one shard as one event loop reaches them, in reading order.</summary>
internal sealed class ReplicaSet(RouteSet owner, IReadOnlyList<ReplicaRoute> routes, MemberConnection[] members)
{
    private readonly ulong[] _seeds = [.. routes.Select(r => r.Seed)];
    private readonly ulong[] _filledFrom = [.. routes.Select(source => FilledFrom(owner, routes, source.Member.Uid))];

    /// <summary>The generation that this set belongs to.</summary>
    public RouteSet Owner { get; } = owner;

    public int Count => members.Length;

    /// <summary>The replicas in the proxy's own zone.</summary>
    public ulong Local { get; } = Mask(routes, static r => r.IsLocal);

    public MemberConnection this[int replica] => members[replica];

    /// <summary>The Ready replica that decides conditional writes of this key: the same one for every proxy that sees the same members.</summary>
    /// <param name="keyHash">Hash of the key.</param>
    /// <param name="excluded">Replicas not to take.</param>
    /// <returns>-1 when none can be asked.</returns>
    public int Primary(ulong keyHash, ulong excluded)
    {
        var proven = Heaviest(keyHash, excluded, mustBeProven: true);
        return proven >= 0 ? proven : Heaviest(keyHash, excluded, mustBeProven: false);
    }

    /// <summary>Whether a read there is one that the proxy's own zone could not serve.</summary>
    public bool IsForeign(int replica) => (Local & (1UL << replica)) == 0 && Owner.Table.Zone is not null;

    /// <summary>
    /// The replica to read from: those that answer at once before those that are slow, before those that are still connecting.
    /// Members that missed writes are only read when the shard has no replica without such a gap: nothing better exists then.
    /// </summary>
    /// <param name="asked">Replicas not to take.</param>
    /// <returns>-1 when none is left.</returns>
    public int NextToRead(ulong asked)
    {
        int slow = -1, connecting = -1, gappy = -1;
        var anyClean = false;
        for (var i = 0; i < members.Length; i++)
        {
            var member = members[i];
            if (!member.IsReady) continue;
            anyClean |= member.IsClean;
            if ((asked & (1UL << i)) != 0 || !member.AcceptsRequests) continue;
            if (!member.IsClean)
            {
                if (gappy < 0) gappy = i;
            }
            else if (!member.IsUp)
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

        return slow >= 0 ? slow : connecting >= 0 ? connecting : anyClean ? -1 : gappy;
    }

    /// <summary>The replicas that are being filled from these.</summary>
    public ulong FilledFrom(ulong sources)
    {
        var targets = 0UL;
        for (; sources != 0; sources &= sources - 1) targets |= _filledFrom[BitOperations.TrailingZeroCount(sources)];
        return targets;
    }

    // Proven: its process is known to be the one expected, and it has missed nothing.
    private int Heaviest(ulong keyHash, ulong excluded, bool mustBeProven)
    {
        var best = -1;
        var bestWeight = 0UL;
        for (var i = 0; i < members.Length; i++)
        {
            var member = members[i];
            if ((excluded & (1UL << i)) != 0 || !member.IsReady || !member.AcceptsRequests || (mustBeProven && !(member.IsUp && member.IsClean))) continue;
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
