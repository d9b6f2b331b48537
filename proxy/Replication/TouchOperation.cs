using System.Numerics;
using CacheOperator.Proxy.Clients;
using CacheOperator.Proxy.Hints;
using CacheOperator.Proxy.Protocol;
using CacheOperator.Proxy.Workers;
using CacheOperator.Topology;

namespace CacheOperator.Proxy.Replication;

/// <summary>
/// <c>touch</c>, <c>gat</c> and <c>gats</c>: the new expiry goes to every replica and leaves the version as it is. One
/// replica is the witness: the primary says whether there is an item; the item of the classic commands is read in the own zone.
/// </summary>
internal sealed class TouchOperation(Worker worker) : WriteOperation(worker)
{
    private const int Touching = 1;
    private const int Fetching = 2;
    private const int Restoring = 3;

    private int _exptime;
    private bool _withItem;
    private bool _withVersion;
    private bool _isLast;
    private int _witness;
    private ulong _holders;
    private bool _isWitnessed;
    private bool _isFound;
    private bool _isHit;
    private bool _isQuiet;
    private bool _failed;

    public override bool IsRead => _withItem;

    protected override Lack Lack => new(Version: 0, Version);

    private ItemAnswer Item => field ??= new ItemAnswer(this, Worker.Loop.Buffers);

    /// <param name="client">Who asks, if anybody.</param>
    /// <param name="command">A classic command or <c>mg</c> with <c>T</c>.</param>
    /// <param name="key">The key.</param>
    /// <param name="hash">Its hash.</param>
    /// <param name="replicas">The members that hold it.</param>
    /// <param name="isLast">Whether this is the last key of its command.</param>
    public void Prepare(ClientConnection? client, in ClientCommand command, ReadOnlySpan<byte> key, ulong hash, ReplicaSet replicas, bool isLast)
    {
        base.Prepare(client, key, hash, replicas, weight: 0);
        if (command.Kind == CommandKind.MetaGet) KeepTokens(command.Tokens);
        _isQuiet = command.Meta.IsQuiet;
        _exptime = command.Meta.Exptime ?? command.Exptime;
        _withItem = command.Kind != CommandKind.Touch;
        _withVersion = command.Kind == CommandKind.GetsAndTouch;
        (_isLast, _holders, _isWitnessed, _isFound, _isHit, _failed) = (isLast, 0, false, false, false, false);
    }

    protected override void Start()
    {
        Worker.Metrics.Touches++;
        if (_withItem) Worker.Metrics.Reads++;
        var reachable = Survey();
        if (reachable == 0)
        {
            GiveUp();
            Close();
            return;
        }

        var local = reachable & Replicas.Local;
        _witness = _withItem && !IsMeta && local != 0 && Replicas[BitOperations.TrailingZeroCount(local)] is { Health.IsClean: true, IsUp: true }
            ? BitOperations.TrailingZeroCount(local)
            : Primary;
        Spread(reachable);
    }

    protected override void SendTo(int replica, bool late)
    {
        var target = Reserve(replica, MetaTokens.Length);
        Request(replica, Touching, IsMeta && replica == _witness
            ? MemberRequests.MetaGet(target, Key, MetaTokens, changes: "T"u8)
            : MemberRequests.Touch(target, Key, _exptime, _withItem && replica == _witness));
    }

    protected override void OnReply(int replica, int tag, in MemberReply reply)
    {
        Worker.Clock.Observe(reply.Version);
        switch (tag)
        {
            case Touching:
                OnTouched(replica, reply);
                break;
            case Fetching when reply.Kind == ReplyKind.Error:
                FetchFromAnother(replica);
                break;
            case Fetching:
                Witness(replica, reply);
                ConcludeItem();
                Close();
                break;
        }
    }

    protected override void OnFailure(int replica, int tag)
    {
        if (tag == Touching) base.OnFailure(replica, tag);
        if (tag == Fetching) FetchFromAnother(replica);
    }

    protected override ReadOnlyMemory<byte>? Answer()
    {
        if (!_isWitnessed) return null;
        if (!_withItem) return _isFound ? Replies.Touched : Replies.NotFound;
        ConcludeItem();
        return null;
    }

    // The witness has failed: whoever has the item as well is asked.
    protected override bool OnSettled()
    {
        if (IsAnswered) return false;
        if (_withItem && !_isWitnessed && Fetch()) return true;
        if (Applied == 0)
        {
            GiveUp();
        }
        else if (_withItem)
        {
            ConcludeItem();
        }
        else
        {
            Conclude(IsOutvoted ? Failed() : _holders == 0 ? Replies.NotFound : Replies.Touched);
        }

        return false;
    }

    protected override void WriteAnswer(AnswerStream answers)
    {
        if (!_withItem || (IsMeta && _failed)) base.WriteAnswer(answers);
        else if (IsMeta) Item.Emit(answers);
        else Item.Emit(answers, _failed, _isLast);
    }

    protected override void Recycle()
    {
        Item.Clear();
        Worker.Pools.Touches.Return(this);
    }

    private void OnTouched(int replica, in MemberReply reply)
    {
        if (reply.Kind == ReplyKind.Error)
        {
            Settle(replica, Verdict.Failed);
            return;
        }

        var isTombstone = reply.Kind is ReplyKind.Value or ReplyKind.Done && ItemVersion.IsTombstone(reply);
        if (isTombstone)
        {
            // It is to be kept for as long as before, not for as long as the client wants; or to come back, if what the client wants has ended it.
            // Only it: what has been stored there since has a time to live of its own.
            Restore(replica, reply.Version, StoreCondition.Version);
            Restore(replica, reply.Version, StoreCondition.Absent);
        }

        if (!Replicas.IsReady(replica))
        {
            Settle(replica, Verdict.Applied);
            return;
        }

        if (!isTombstone && reply.Kind != ReplyKind.Miss)
        {
            if (!IsMeta && MetaReply.IsWon(reply)) GiveWinBack(replica, Restoring, reply.Version);
            _holders |= 1UL << replica;
        }

        if (replica == _witness && !IsAnswered)
        {
            _isFound = !isTombstone && reply.Kind != ReplyKind.Miss;
            if (_withItem && reply.Kind is ReplyKind.Value or ReplyKind.Done && !isTombstone)
            {
                Witness(replica, reply);
            }
            else
            {
                _isWitnessed = !_withItem || isTombstone || Replicas.Owner.Replication.ReadFallback != ReadFallback.OnMiss;
            }
        }

        Settle(replica, Verdict.Applied);
    }

    private void Restore(int replica, ulong tombstone, StoreCondition condition)
    {
        var target = Reserve(replica);
        Request(replica, Restoring, MemberRequests.Store(target, Key, default, 0, Worker.Settings.TombstoneSeconds, tombstone, condition, tombstone));
    }

    private void Witness(int replica, in MemberReply reply)
    {
        _isWitnessed = true;
        if (reply.Kind is not (ReplyKind.Value or ReplyKind.Done) || ItemVersion.IsTombstone(reply)) return;
        Worker.Metrics.Hits++;
        _isHit = true;
        if (Client is not { } client) return;
        if (IsMeta) Item.WriteMeta(MetaTokens, reply, Replicas[replica]);
        else if (!client.Answers.HasFailed) Item.WriteValue(Key, reply, Replicas[replica], _withVersion);
    }

    private void ConcludeItem()
    {
        if (IsMeta && !_isHit && !_isQuiet && Client is not null) Item.WriteMetaMiss(MetaTokens, Key);
        Conclude();
    }

    private bool Fetch()
    {
        for (var rest = _holders; rest != 0; rest &= rest - 1)
        {
            var replica = BitOperations.TrailingZeroCount(rest);
            if (!Replicas[replica].AcceptsRequests) continue;
            Request(replica, Fetching, IsMeta
                ? MemberRequests.MetaGet(Reserve(replica, MetaTokens.Length), Key, MetaTokens, changes: default)
                : MemberRequests.Get(Reserve(replica), Key));
            return true;
        }

        return false;
    }

    private void FetchFromAnother(int failed)
    {
        _holders &= ~(1UL << failed);
        if (Fetch()) return;
        GiveUp();
        Close();
    }

    private void GiveUp()
    {
        Worker.Metrics.Errors++;
        _failed = true;
        Conclude(Replies.NoReplica);
    }
}
