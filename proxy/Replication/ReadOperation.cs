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

    private ulong _asked;
    private int _waiting;
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
        if (tag == GivingBack) return;
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
        if (tag == GivingBack) return;
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
        var target = Reserve(replica, MetaTokens.Length);
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
        if (_onMiss && _missed && !IsMeta && !MetaReply.IsWon(reply) && !Replicas.IsMoving) Backfill(replica, reply.Version);
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

    private void Backfill(int source, ulong version)
    {
        var operation = Worker.Pools.Backfills.Rent();
        operation.Prepare(Key, Hash, Replicas, _asked, source, version);
        operation.Run();
    }
}
