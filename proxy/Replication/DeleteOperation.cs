using System.Numerics;
using CacheOperator.Proxy.Clients;
using CacheOperator.Proxy.Protocol;
using CacheOperator.Proxy.Workers;
using CacheOperator.Topology;

namespace CacheOperator.Proxy.Replication;

/// <summary>
/// <c>delete</c>: plainly while every replica is Ready and reachable, else as a tombstone, which an older copy of the
/// item cannot overwrite. The primary is asked first whether there was a live item: a tombstone is none.
/// </summary>
internal sealed class DeleteOperation(Worker worker) : WriteOperation(worker)
{
    private const int Probe = 1;
    private const int Removal = 2;

    private bool _tombstones;
    private bool _onlyWhereAbsent;
    private bool? _existed;
    private bool _anyRemoved;
    private bool _isQuiet;
    private byte[] _found = Replies.Deleted;
    private byte[] _notFound = Replies.NotFound;

    /// <param name="client">Who asks, if anybody.</param>
    /// <param name="key">The key.</param>
    /// <param name="hash">Its hash.</param>
    /// <param name="replicas">The members that hold it.</param>
    /// <param name="found">The answer when there was an item.</param>
    /// <param name="notFound">The answer when there was none.</param>
    public void Prepare(ClientConnection? client, ReadOnlySpan<byte> key, ulong hash, ReplicaSet replicas, byte[] found, byte[] notFound)
    {
        base.Prepare(client, key, hash, replicas, weight: 0);
        (_tombstones, _onlyWhereAbsent, _existed, _anyRemoved, _found, _notFound) = (false, false, null, false, found, notFound);
    }

    /// <summary>Prepares a plain <c>md</c>.</summary>
    public void Prepare(ClientConnection client, in ClientCommand command, ReadOnlySpan<byte> key, ulong hash, ReplicaSet replicas)
    {
        Prepare(client, key, hash, replicas, [], []);
        KeepTokens(command.Tokens);
        _isQuiet = command.Meta.IsQuiet;
    }

    protected override void Start()
    {
        var reachable = Survey();
        if (reachable == 0)
        {
            Worker.Metrics.Errors++;
            Conclude(Replies.NoReplica);
            Close();
            return;
        }

        // Backfills (OnMiss) copy between Ready replicas: there every delete must be able to stand in their way.
        _tombstones = BitOperations.PopCount(reachable) < Replicas.Count
            || Replicas.Owner.Replication.ReadFallback == ReadFallback.OnMiss;
        Spread(reachable);
    }

    protected override void SendTo(int replica, bool late)
    {
        var member = Replicas[replica];
        if (replica == Primary && !_onlyWhereAbsent)
            Request(replica, Probe, MemberRequests.Version(member.Reserve(Key.Length + MemberRequests.Overhead), Key));

        var target = member.Reserve(Key.Length + MemberRequests.Overhead);
        var length = _tombstones
            ? MemberRequests.Store(
                target, Key, default, 0, Worker.Settings.TombstoneSeconds, ItemVersion.Tombstone(Version), _onlyWhereAbsent ? StoreCondition.Absent : StoreCondition.None)
            : MemberRequests.Delete(target, Key);
        Request(replica, Removal, length);
    }

    protected override void OnReply(int replica, int tag, in MemberReply reply)
    {
        if (tag == Probe)
        {
            if (reply.Kind != ReplyKind.Error) _existed = reply.Kind == ReplyKind.Done && !ItemVersion.IsTombstone(reply);
            Worker.Clock.Observe(reply.Version);
            return;
        }

        if (reply.Kind == ReplyKind.Error)
        {
            // Not even an empty item has room. memcached has dropped the old one all the same, but a copy may bring it back.
            Settle(replica, _tombstones ? Verdict.Failed : Verdict.Refused);
            return;
        }

        _anyRemoved |= reply.Kind == ReplyKind.Done;
        Settle(replica, Verdict.Applied);
    }

    protected override void OnFailure(int replica, int tag)
    {
        if (tag == Removal) base.OnFailure(replica, tag);
    }

    protected override ReadOnlyMemory<byte>? Answer()
    {
        var existed = _existed ?? _anyRemoved;
        if (!IsMeta) return existed ? _found : _notFound;
        return existed && _isQuiet ? default(ReadOnlyMemory<byte>) : Composer.Meta(existed ? "HD"u8 : "NF"u8, MetaTokens, Key);
    }

    protected override bool OnSettled()
    {
        if (!_tombstones && HasMissing && Applied != 0)
        {
            // Whoever missed the delete still holds the item. Where the key is free, a tombstone keeps it from coming back;
            // where it is not, somebody has stored a newer one meanwhile.
            (_tombstones, _onlyWhereAbsent) = (true, true);
            SpreadLast(Applied);
            return true;
        }

        if (!IsAnswered) Conclude(Applied != 0 ? Answer()!.Value : Replies.NoReplica);
        return false;
    }

    protected override void Recycle() => Worker.Pools.Deletes.Return(this);
}
