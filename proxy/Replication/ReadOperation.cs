using System.Numerics;
using CacheOperator.Proxy.Clients;
using CacheOperator.Proxy.Protocol;
using CacheOperator.Proxy.Workers;
using CacheOperator.Topology;

namespace CacheOperator.Proxy.Replication;

/// <summary>
/// Reads one key: from the first replica in reading order that may be read, from the next one when it fails, is slow,
/// or (by <see cref="ReadFallback.OnMiss"/>) has nothing. A hit is better than a miss, a miss better than an error.
/// </summary>
internal sealed class ReadOperation(Worker worker) : Operation(worker)
{
    private const int GivingBack = 1;
    private const int Proving = 2;
    private const int BringingHome = 3;
    private const int Storing = 4;

    private ulong _asked;
    private int _waiting;
    private ulong _found;
    private ulong _holders;
    private int _witnesses;
    private bool _missed;
    private bool _failed;
    private bool _withVersion;
    private bool _isLast;
    private bool _onMiss;
    private bool _isDebug;
    private bool _isQuiet;
    private bool _isArbitrated;

    public override bool IsRead => true;

    private ItemAnswer Item => field ??= new ItemAnswer(this, Worker.Loop.Buffers);

    /// <param name="client">Who asks.</param>
    /// <param name="key">The key.</param>
    /// <param name="hash">Its hash.</param>
    /// <param name="replicas">The members that hold it.</param>
    /// <param name="withVersion">Whether the answer shows the version (<c>gets</c>).</param>
    /// <param name="isLast">Whether this is the last key of its command.</param>
    public void Prepare(ClientConnection client, ReadOnlySpan<byte> key, ulong hash, ReplicaSet replicas, bool withVersion, bool isLast)
    {
        base.Prepare(client, key, hash, replicas, weight: 0);
        (_withVersion, _isLast) = (withVersion, isLast);
        _asked = 0;
        _waiting = 0;
        _missed = _failed = false;
        _onMiss = replicas.Owner.Replication.ReadFallback == ReadFallback.OnMiss;
    }

    /// <summary>Prepares <c>mg</c> without flags that change anything, or <c>me</c>.</summary>
    public void Prepare(ClientConnection client, in ClientCommand command, ReadOnlySpan<byte> key, ulong hash, ReplicaSet replicas)
    {
        Prepare(client, key, hash, replicas, withVersion: false, isLast: false);
        KeepTokens(command.Tokens);
        (_isDebug, _isQuiet, _isArbitrated) = (command.Kind == CommandKind.MetaDebug, command.Meta.IsQuiet, false);
    }

    internal override void OnSlow()
    {
        if (IsDone || !AskNext()) return;
        Worker.Metrics.HedgedReads++;
    }

    protected override void Start()
    {
        Worker.Metrics.Reads++;
        if (!AskNext()) GiveUp();
    }

    protected override void OnReply(int replica, int tag, in MemberReply reply)
    {
        if (tag != 0)
        {
            OnAfterwards(replica, tag, reply);
            return;
        }

        _waiting--;
        if (IsDone) return;

        // The reply of a process that turned out to be another one than the topology speaks of says nothing.
        if (reply.Kind == ReplyKind.Error || !Replicas.IsReady(replica))
        {
            Continue();
            return;
        }

        if (reply.Kind is ReplyKind.Value or ReplyKind.Done or ReplyKind.Debug)
        {
            Worker.Clock.Observe(reply.Version);
            if (ItemVersion.IsTombstone(reply))
            {
                Miss(replica);
                return;
            }

            if (MetaReply.IsWon(reply))
            {
                if (IsMeta && !_isArbitrated && AskPrimary(replica)) return;
                if (!IsMeta) GiveWinBack(replica, GivingBack, reply.Version);
            }

            Hit(replica, reply);
            return;
        }

        _missed = true;
        if (_onMiss)
        {
            Continue();
        }
        else
        {
            Miss(replica);
        }
    }

    protected override void OnFailure(int replica, int tag)
    {
        if (tag == Proving) BringHomeIfProven();
        if (tag != 0) return;
        _waiting--;
        if (!IsDone) Continue();
    }

    protected override void WriteAnswer(AnswerStream answers)
    {
        if (!IsMeta)
        {
            Item.Emit(answers, _failed, _isLast);
        }
        else if (_failed)
        {
            answers.Send(Replies.NoReplica);
        }
        else
        {
            Item.Emit(answers);
        }
    }

    protected override void Recycle()
    {
        Item.Clear();
        Worker.Pools.Reads.Return(this);
    }

    private void Continue()
    {
        if (!AskNext() && _waiting == 0) GiveUp();
    }

    private bool AskNext()
    {
        var replica = Replicas.NextToRead(_asked, Key);
        if (replica < 0) return false;
        Ask(replica);
        return true;
    }

    private void Ask(int replica)
    {
        _asked |= 1UL << replica;
        _waiting++;
        var target = Replicas[replica].Reserve(Key.Length + MetaTokens.Length + MemberRequests.Overhead);
        Request(replica, 0, _isDebug && IsMeta ? MemberRequests.Debug(target, Key)
            : IsMeta ? MemberRequests.MetaGet(target, Key, MetaTokens, changes: default)
            : MemberRequests.Get(target, Key));
    }

    // A stale item has one winner, not one in each zone: only the primary may name it.
    private bool AskPrimary(int replica)
    {
        _isArbitrated = true;
        var primary = Replicas.Primary(Key, Hash, excluded: 0);
        if (primary < 0 || primary == replica) return false;
        Ask(primary);
        return true;
    }

    private void Hit(int replica, in MemberReply reply)
    {
        Worker.Metrics.Hits++;
        CountFallback(replica);
        if (_onMiss && _missed && !IsMeta && !MetaReply.IsWon(reply)) Prove(replica, reply);
        if (Client is { } client) Answer(client, replica, reply);
        Finish();
    }

    private void Miss(int replica)
    {
        CountFallback(replica);
        AnswerMiss();
        Finish();
    }

    private void Answer(ClientConnection client, int replica, in MemberReply reply)
    {
        if (reply.Kind == ReplyKind.Debug) Item.WriteLine(reply.Line);
        else if (IsMeta) Item.WriteMeta(MetaTokens, reply, Replicas[replica]);
        else if (!client.Answers.HasFailed) Item.WriteValue(Key, reply, Replicas[replica], _withVersion);
    }

    private void AnswerMiss()
    {
        if (IsMeta && !_isQuiet && Client is not null) Item.WriteMetaMiss(MetaTokens, Key);
    }

    private void CountFallback(int replica)
    {
        if (Replicas.IsForeign(replica)) Worker.Metrics.FallbackReads++;
    }

    private void GiveUp()
    {
        _failed = !_missed;
        if (_failed) Worker.Metrics.Errors++;
        else AnswerMiss();
        Finish();
    }

    // What this one holds may be what others have replaced, and lost again since: as long as nobody has told, only enough others that hold the same prove it.
    private void Prove(int source, in MemberReply item)
    {
        if (Replicas.IsMoving) return;
        (_found, _holders, _witnesses) = (item.Version, 1UL << source, 0);
        var others = 0UL;
        for (var i = 0; i < Replicas.Count; i++)
        {
            if ((_asked & (1UL << i)) == 0 && Replicas.IsReady(i) && Replicas[i].IsUp) others |= 1UL << i;
        }

        if (!IsProven(_holders | others)) return;
        for (; others != 0; others &= others - 1)
        {
            var witness = BitOperations.TrailingZeroCount(others);
            _witnesses++;
            Request(witness, Proving, MemberRequests.Version(Replicas[witness].Reserve(Key.Length + MemberRequests.Overhead), Key));
        }
    }

    private void OnAfterwards(int replica, int tag, in MemberReply reply)
    {
        var isWon = tag is Proving or BringingHome && MetaReply.IsWon(reply);
        if (isWon) GiveWinBack(replica, GivingBack, reply.Version);
        if (tag == Proving)
        {
            if (!isWon && reply.Kind == ReplyKind.Done && reply.Version == _found && Replicas.IsReady(replica)) _holders |= 1UL << replica;
            BringHomeIfProven();
        }
        else if (tag == BringingHome && !isWon && reply.Kind == ReplyKind.Value && reply.Version == _found)
        {
            Backfill(reply);
        }
    }

    private void BringHomeIfProven()
    {
        if (--_witnesses > 0 || !IsProven(_holders)) return;
        var holder = BitOperations.TrailingZeroCount(_holders);
        if (Replicas[holder].IsUp) Request(holder, BringingHome, MemberRequests.Copy(Replicas[holder].Reserve(Key.Length + MemberRequests.Overhead), Key));
    }

    private bool IsProven(ulong holders)
    {
        var ready = 0;
        for (var i = 0; i < Replicas.Count; i++) ready += Replicas.IsReady(i) ? 1 : 0;
        return AckRule.IsCurrent(Replicas.Owner.Replication.WriteAck, ready, holders);
    }

    // Only where there is nothing: a newer value and a tombstone both stay.
    private void Backfill(in MemberReply item)
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
