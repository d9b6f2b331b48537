using CacheOperator.Proxy.Clients;
using CacheOperator.Proxy.Protocol;
using CacheOperator.Proxy.Workers;

namespace CacheOperator.Proxy.Replication;

/// <summary>
/// Brings an item as it stands on one replica, with its version, to the others: where they hold what it replaces at
/// once, else unless they hold something newer.
/// </summary>
internal abstract class OutcomeOperation(Worker worker) : WriteOperation(worker)
{
    private const int Storing = 101;
    private const int Checking = 102;

    // Another writer must come in between every single time to use these up.
    private const int MaxAttempts = 16;

    private readonly byte[] _attempts = new byte[Routing.RoutingTable.MaxReplicas];
    protected uint Flags { get; set; }

    /// <summary>As memcached reads it.</summary>
    protected long Exptime { get; set; }

    /// <summary>The version that the item has.</summary>
    protected ulong ItemVersion { get; set; }

    /// <summary>The version that it replaces; 0 for none.</summary>
    protected ulong BaseVersion { get; set; }

    /// <summary>The outcome may be another proxy's, made on top of this one.</summary>
    protected sealed override ulong MissedVersion => Math.Max(Version, ItemVersion);

    protected new void Prepare(ClientConnection? client, ReadOnlySpan<byte> key, ulong hash, ReplicaSet replicas, int weight)
    {
        base.Prepare(client, key, hash, replicas, weight);
        ItemVersion = 0;
        Array.Clear(_attempts, 0, replicas.Count);
    }

    /// <summary>
    /// Whether there is no value to bring: the replicas make the change themselves, where they hold what it is made on.
    /// Where they do not, what is older goes: it is better forgotten than kept without the change.
    /// </summary>
    protected virtual bool IsMadeEverywhere => false;

    /// <summary>Writes the change that every replica makes itself.</summary>
    protected virtual int WriteChange(Span<byte> target, ulong expected) => 0;

    /// <summary>A reply to something else than bringing the item there.</summary>
    protected abstract void OnDecisionReply(int replica, int tag, in MemberReply reply);

    /// <summary>See <see cref="OnDecisionReply"/>.</summary>
    protected abstract void OnDecisionFailure(int replica, int tag);

    protected sealed override void SendTo(int replica, bool late) => Store(replica, BaseVersion);

    protected sealed override void OnReply(int replica, int tag, in MemberReply reply)
    {
        Worker.Clock.Observe(reply.Version);
        if (tag is Storing or Checking)
        {
            Settle(replica, Converge(replica, tag, reply));
        }
        else
        {
            OnDecisionReply(replica, tag, reply);
        }
    }

    protected sealed override void OnFailure(int replica, int tag)
    {
        if (tag is Storing or Checking)
        {
            base.OnFailure(replica, tag);
        }
        else
        {
            OnDecisionFailure(replica, tag);
        }
    }

    /// <summary>Asks a replica for version and size of what it holds.</summary>
    protected void Check(int replica, int tag) =>
        Request(replica, tag, MemberRequests.Version(Reserve(replica), Key));

    private Verdict Converge(int replica, int tag, in MemberReply reply)
    {
        if (reply.Kind == ReplyKind.Error) return Verdict.Refused;
        if (tag == Storing)
        {
            if (reply.Kind == ReplyKind.Done) return Verdict.Applied;
            if (++_attempts[replica] > MaxAttempts) return Verdict.Failed;
            Check(replica, Checking);
            return Verdict.Pending;
        }

        if (reply.Kind == ReplyKind.Miss ? IsMadeEverywhere : reply.Version >= ItemVersion) return Verdict.Applied;
        Store(replica, reply.Kind == ReplyKind.Miss ? 0 : reply.Version);
        return Verdict.Pending;
    }

    private void Store(int replica, ulong expected)
    {
        if (IsMadeEverywhere)
        {
            var target = Reserve(replica);
            Request(replica, Storing, expected == BaseVersion ? WriteChange(target, expected) : MemberRequests.Delete(target, Key, expected));
            return;
        }

        var condition = expected == 0 ? StoreCondition.Absent : StoreCondition.Version;
        Store(replica, Storing, Flags, Exptime, ItemVersion, condition, expected);
    }
}
