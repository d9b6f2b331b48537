using System.Numerics;
using CacheOperator.Proxy.Protocol;
using CacheOperator.Proxy.Workers;
using CacheOperator.Topology;

namespace CacheOperator.Proxy.Replication;

/// <summary>
/// <see cref="ReadFallback.OnMiss"/>: an item that a read has found where the own zone had none is brought home, for nobody. What one replica holds may be
/// what others have replaced, and lost again since: as long as nobody has told, only enough others that hold the same prove it.
/// </summary>
internal sealed class BackfillOperation(Worker worker) : Operation(worker)
{
    private const int GivingBack = 1;
    private const int Proving = 2;
    private const int BringingHome = 3;
    private const int Storing = 4;

    private ulong _asked;
    private ulong _version;
    private ulong _holders;
    private int _witnesses;

    /// <param name="key">The key.</param>
    /// <param name="hash">Its hash.</param>
    /// <param name="replicas">The members that hold it.</param>
    /// <param name="asked">The replicas that the read has asked.</param>
    /// <param name="source">The one that had the item.</param>
    /// <param name="version">The item's.</param>
    public void Prepare(ReadOnlySpan<byte> key, ulong hash, ReplicaSet replicas, ulong asked, int source, ulong version)
    {
        Prepare(client: null, key, hash, replicas, weight: 0);
        (_asked, _version, _holders, _witnesses) = (asked, version, 1UL << source, 0);
    }

    protected override void Start()
    {
        var others = 0UL;
        for (var i = 0; i < Replicas.Count; i++)
        {
            if ((_asked & (1UL << i)) == 0 && Replicas.IsReady(i) && Replicas[i].IsUp) others |= 1UL << i;
        }

        if (others == 0 || !IsProven(_holders | others))
        {
            Finish();
            return;
        }

        for (; others != 0; others &= others - 1)
        {
            var witness = BitOperations.TrailingZeroCount(others);
            _witnesses++;
            Request(witness, Proving, MemberRequests.Version(Reserve(witness), Key));
        }
    }

    protected override void OnReply(int replica, int tag, in MemberReply reply)
    {
        if (tag is not (Proving or BringingHome)) return;
        var isWon = MetaReply.IsWon(reply);
        if (isWon) GiveWinBack(replica, GivingBack, reply.Version);
        var isSame = !isWon && reply.Version == _version;
        if (tag == Proving)
        {
            if (isSame && reply.Kind == ReplyKind.Done && Replicas.IsReady(replica)) _holders |= 1UL << replica;
            OnWitness();
            return;
        }

        if (isSame && reply.Kind == ReplyKind.Value) Store(reply);
        Finish();
    }

    protected override void OnFailure(int replica, int tag)
    {
        if (tag == Proving) OnWitness();
        if (tag == BringingHome) Finish();
    }

    protected override void Recycle() => Worker.Pools.Backfills.Return(this);

    private void OnWitness()
    {
        if (--_witnesses > 0) return;
        var holder = BitOperations.TrailingZeroCount(_holders);
        if (!IsProven(_holders) || !Replicas[holder].IsUp)
        {
            Finish();
            return;
        }

        Request(holder, BringingHome, MemberRequests.Copy(Reserve(holder), Key));
    }

    private bool IsProven(ulong holders)
    {
        var ready = 0;
        for (var i = 0; i < Replicas.Count; i++) ready += Replicas.IsReady(i) ? 1 : 0;
        return AckRule.IsCurrent(Replicas.Owner.Replication.WriteAck, ready, holders);
    }

    // Only where there is nothing: a newer value and a tombstone both stay.
    private void Store(in MemberReply item)
    {
        for (var i = 0; i < Replicas.Count; i++)
        {
            var member = Replicas[i];
            if ((_asked & ~_holders & Replicas.Local & (1UL << i)) == 0 || !member.IsUp || !Replicas.IsReady(i)) continue;
            var size = Key.Length + item.Value.Length + MemberRequests.Overhead;
            var exptime = ItemExpiry.ForRemaining(item.TimeToLive, Worker.Time.GetUtcNow());
            Worker.Metrics.Backfills++;
            Request(i, Storing, MemberRequests.Store(member.Reserve(size), Key, item.Value, item.Flags, exptime, item.Version, StoreCondition.Absent));
        }
    }
}
