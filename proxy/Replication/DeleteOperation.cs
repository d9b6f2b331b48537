using System.Numerics;
using CacheOperator.Proxy.Clients;
using CacheOperator.Proxy.Protocol;
using CacheOperator.Proxy.Workers;
using CacheOperator.Topology;

namespace CacheOperator.Proxy.Replication;

/// <summary>
/// <c>delete</c>: plainly while every replica is Ready and reachable, else as a tombstone, which an older copy of the
/// item cannot overwrite. The primary tells whether there was a live item; so does a second replica, should the primary fail: whoever has
/// deleted does not know any more. Both are asked first, as a tombstone is no live item.
/// </summary>
internal sealed class DeleteOperation(Worker worker) : WriteOperation(worker)
{
    private const int Probe = 1;
    private const int Removal = 2;
    private const int Checking = 3;

    // Another writer must come in between every single time to use these up.
    private const int MaxAttempts = 16;

    private bool _tombstones;
    private bool _isAfterwards;
    private int _attempts;
    private int _second;
    private ulong _buried;
    private bool? _existed;
    private bool? _existedAtSecond;
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
        (_tombstones, _isAfterwards, _attempts, _anyRemoved, _found, _notFound) = (false, false, 0, false, found, notFound);
        (_existed, _existedAtSecond, _buried) = (null, null, 0);
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

        _second = Replicas.Primary(Key, Hash, excluded: 1UL << Primary);

        // Backfills (OnMiss) copy between Ready replicas: there every delete must be able to stand in their way.
        _tombstones = Worker.Settings.Safeguards.Tombstones
            && (BitOperations.PopCount(reachable) < Replicas.Count || Replicas.Owner.Replication.ReadFallback == ReadFallback.OnMiss);
        Spread(reachable);
    }

    protected override void SendTo(int replica, bool late)
    {
        if ((replica == Primary || replica == _second) && !_isAfterwards)
            Request(replica, Probe, MemberRequests.Version(ReserveChange(replica), Key));
        if (_tombstones)
        {
            Bury(replica, _isAfterwards ? StoreCondition.Absent : StoreCondition.None);
        }
        else
        {
            Request(replica, Removal, MemberRequests.Delete(ReserveChange(replica), Key));
        }
    }

    protected override void OnReply(int replica, int tag, in MemberReply reply)
    {
        if (tag == Probe)
        {
            if (reply.Kind == ReplyKind.Done && ItemVersion.IsTombstone(reply)) _buried |= 1UL << replica;
            if (reply.Kind != ReplyKind.Error) Note(replica, reply);
            Worker.Clock.Observe(reply.Version);
            return;
        }

        if (tag == Checking)
        {
            Settle(replica, BuryOlder(replica, reply));
            return;
        }

        if (reply.Kind == ReplyKind.Error)
        {
            // Not even an empty item has room. memcached has dropped the old one all the same, but a copy may bring it back.
            Settle(replica, _tombstones ? Verdict.Failed : Verdict.Refused);
            return;
        }

        if (_isAfterwards && reply.Kind != ReplyKind.Done && ++_attempts <= MaxAttempts)
        {
            Request(replica, Checking, MemberRequests.Version(ReserveChange(replica), Key));
            return;
        }

        // Others may have stored or deleted it since this was asked: a plain removal tells what it met.
        if (!_tombstones) Note(replica, reply);
        _anyRemoved |= reply.Kind == ReplyKind.Done;
        Settle(replica, Verdict.Applied);
    }

    protected override void OnFailure(int replica, int tag)
    {
        if (tag != Probe) base.OnFailure(replica, tag);
    }

    protected override ReadOnlyMemory<byte>? Answer()
    {
        var existed = _existed ?? _existedAtSecond ?? _anyRemoved;
        if (!IsMeta) return existed ? _found : _notFound;
        return existed && _isQuiet ? default(ReadOnlyMemory<byte>) : Composer.Meta(existed ? "HD"u8 : "NF"u8, MetaTokens, Key);
    }

    protected override bool OnSettled()
    {
        if (!_tombstones && HasMissing && Applied != 0 && Worker.Settings.Safeguards.Tombstones)
        {
            // Whoever missed the delete still holds the item: a tombstone keeps it from coming back, and takes the place of what
            // came back already. What somebody has stored since stays.
            (_tombstones, _isAfterwards) = (true, true);
            SpreadLast(Applied);
            return true;
        }

        if (!IsAnswered) Conclude(Applied == 0 || IsOutvoted ? Failed() : Answer()!.Value);
        return false;
    }

    protected override void Recycle() => Worker.Pools.Deletes.Return(this);

    private void Note(int replica, in MemberReply reply)
    {
        var existed = reply.Kind == ReplyKind.Done && (_buried & (1UL << replica)) == 0;
        if (replica == Primary) _existed = existed;
        else if (replica == _second) _existedAtSecond = existed;
    }

    private void Bury(int replica, StoreCondition condition, ulong expected = 0)
    {
        var target = ReserveChange(replica);
        Request(replica, Removal, MemberRequests.Store(target, Key, default, 0, Worker.Settings.TombstoneSeconds, ItemVersion.Tombstone(Version), condition, expected));
    }

    private Verdict BuryOlder(int replica, in MemberReply item)
    {
        if (item.Kind == ReplyKind.Error) return Verdict.Failed;
        if (item.Kind != ReplyKind.Miss && item.Version > Version) return Verdict.Applied;
        Bury(replica, item.Kind == ReplyKind.Miss ? StoreCondition.Absent : StoreCondition.Version, item.Version);
        return Verdict.Pending;
    }
}
