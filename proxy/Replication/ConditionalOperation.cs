using CacheOperator.Proxy.Clients;
using CacheOperator.Proxy.Protocol;
using CacheOperator.Proxy.Workers;

namespace CacheOperator.Proxy.Replication;

/// <summary>
/// Writes that depend on what is stored: <c>add</c>, <c>replace</c>, <c>cas</c>, <c>append</c>, <c>prepend</c>,
/// <c>incr</c>, <c>decr</c>, and their meta equivalents. The key's primary, which is the same for every proxy, decides: it makes the change if it
/// still holds the version that the decision was based on, so that no change of another proxy is lost. The outcome, as
/// it stands there, is then brought to the other replicas.
/// </summary>
internal sealed class ConditionalOperation(Worker worker) : OutcomeOperation(worker)
{
    private const int Attempting = 1;
    private const int Checking = 2;
    private const int ReadingBack = 3;
    private const int Revoking = 4;
    private const int Stamping = 5;

    // Another writer must come in between every single time to use these up.
    private const int MaxAttempts = 1000;

    private ConditionalChange _change;
    private ReadOnlyMemory<byte> _success = Replies.Stored;
    private ReadOnlyMemory<byte> _refusal;
    private ulong _reachable;
    private ulong _won;
    private int _attempts;
    private bool _hasTurn;
    private bool _isDeciding;
    private bool _isMade;
    private bool _isVivifying;

    /// <summary>A later read of the same client must see the outcome, wherever it reads.</summary>
    public override bool IsOrdered => true;

    /// <summary>The next one for the same key in the <see cref="DecisionQueue"/>.</summary>
    internal ConditionalOperation? NextDecision { get; set; }

    private bool IsReadBack => !_isVivifying && _change.IsMadeByMember;

    private ConditionalAnswer Answers => new(Composer, _change.Kind, IsMeta, _change.Meta, MetaTokens, Key);

    protected override bool IsMadeEverywhere => _change.Kind == CommandKind.MetaMark;

    /// <param name="client">Who asks.</param>
    /// <param name="kind">What is to be done: for a meta command, what it comes to.</param>
    /// <param name="command">The command.</param>
    /// <param name="key">The key.</param>
    /// <param name="hash">Its hash.</param>
    /// <param name="replicas">The members that hold it.</param>
    public void Prepare(ClientConnection client, CommandKind kind, in ClientCommand command, ReadOnlySpan<byte> key, ulong hash, ReplicaSet replicas)
    {
        base.Prepare(client, key, hash, replicas, command.Value.Length);
        (_change, Flags, Exptime) = (new ConditionalChange(kind, command), command.Flags, command.Exptime);
        (_won, _refusal) = (0, default);
        (_success, _attempts, _hasTurn, _isDeciding, _isMade, _isVivifying) = (Replies.Stored, 0, false, true, false, false);
        Value.Keep(client, command.Value);
        if (kind == command.Kind) return;
        KeepTokens(command.Tokens);
        (Flags, Exptime) = (command.Meta.ClientFlags, command.Meta.Exptime ?? 0);
    }

    // Runs again when its turn has come.
    protected override void Start()
    {
        if (!_hasTurn)
        {
            _hasTurn = true;
            if (!Worker.Decisions.Enter(this)) return;
        }

        RenewVersion();
        _reachable = Survey();
        if (Primary < 0)
        {
            Fail(Replies.NoReplica);
        }
        else if (IsOutvoted)
        {
            // Where the others are reached, another replica may be deciding.
            Fail(Replies.NoMajority);
        }
        else
        {
            Decide();
        }
    }

    protected override void OnDecisionReply(int replica, int tag, in MemberReply reply)
    {
        if (tag == Revoking || !_isDeciding || replica != Primary) return;
        if (!Replicas.IsReady(replica))
        {
            // The connection led to another process than the topology speaks of: it decides nothing.
            Request(replica, Revoking, MemberRequests.Delete(Reserve(replica), Key, Version));
            DecideElsewhere(replica);
            return;
        }

        switch (tag)
        {
            case Attempting:
                OnAttempted(replica, reply);
                break;
            case ReadingBack when _isMade:
                OnReadBack(replica, reply);
                break;
            case Stamping when reply.Kind == ReplyKind.Done:
                Made(replica);
                break;
            case Stamping:
                // Somebody has changed or deleted it since, or there was no room: either way it is no longer what was counted.
                if (reply.Kind == ReplyKind.Error) Worker.Commands.Forget(Key, Hash, Replicas);
                Refuse(_success);
                break;
            default:
                OnFound(replica, reply);
                break;
        }
    }

    protected override void OnDecisionFailure(int replica, int tag)
    {
        if (tag != Revoking && _isDeciding && replica == Primary) DecideElsewhere(replica);
    }

    protected override int WriteChange(Span<byte> target, ulong expected) => MemberRequests.Mark(target, Key, _change.Meta, ItemVersion, expected);

    protected override ReadOnlyMemory<byte>? Answer() => _success;

    protected override bool OnSettled()
    {
        if (!IsAnswered) Conclude(IsOutvoted ? Failed() : _success);
        Value.Release();
        return false;
    }

    protected override void Recycle() => Worker.Pools.Conditionals.Return(this);

    // Where the version to change is known, there is no need to ask for it.
    private void Decide()
    {
        if (_change.KnownBase(Version) is { } expected) Attempt(Primary, expected);
        else Check(Primary, Checking);
    }

    // It may have made the change: it counts as one that missed a write. The next primary decides.
    private void DecideElsewhere(int replica)
    {
        Mark(replica, applied: false);
        _reachable &= ~(1UL << replica);
        _isMade = false;
        if (ElectAnother())
        {
            Decide();
        }
        else
        {
            Fail(Replies.NoReplica);
        }
    }

    private void OnFound(int replica, in MemberReply item)
    {
        if (MetaReply.IsWon(item)) _won = item.Version;
        var isLive = item.Kind is ReplyKind.Done or ReplyKind.Value && !Replication.ItemVersion.IsTombstone(item);
        if (item.Kind == ReplyKind.Error)
        {
            Fail(Composer.Line(item.Line));
        }
        else if (_refusal.Length > 0 && item.Version == BaseVersion)
        {
            Refuse(_refusal);
        }
        else if (_change.ObjectionTo(isLive, item.Version) is not Objection.None and var objection)
        {
            Refuse(objection == Objection.Absent ? Answers.Absent(Value.Length) : Answers.Exists(Value.Length));
        }
        else if (++_attempts > MaxAttempts)
        {
            Fail(Replies.Contended);
        }
        else
        {
            RenewVersion();
            _isVivifying = !isLive && _change.CanVivify;
            Attempt(replica, item.Kind == ReplyKind.Miss ? 0 : item.Version);
        }
    }

    private void Attempt(int replica, ulong expected)
    {
        (BaseVersion, ItemVersion, _refusal) = (expected, Version, default);
        if (_isVivifying) Vivify();
        if (_change.Kind == CommandKind.MetaRemove) (ItemVersion, Exptime) = (Replication.ItemVersion.Tombstone(Version), Worker.Settings.TombstoneSeconds);
        if (IsMadeEverywhere || (_change.IsArithmetic && !_isVivifying))
        {
            var target = Reserve(replica);
            Request(replica, Attempting, IsMadeEverywhere ? WriteChange(target, expected)
                : MemberRequests.Arithmetic(target, Key, _change.Kind == CommandKind.Increment, _change.Delta, _change.Meta.Exptime, Version, expected));
        }
        else
        {
            Store(replica, Attempting, Flags, Exptime, ItemVersion, _change.Condition(expected, _isVivifying), expected);
        }

        if (IsReadBack) Request(replica, ReadingBack, MemberRequests.Copy(Reserve(replica), Key));
    }

    private void OnAttempted(int replica, in MemberReply reply)
    {
        switch (reply.Kind)
        {
            case ReplyKind.Done or ReplyKind.Value:
                _isMade = true;
                if (IsReadBack)
                {
                    if (_change.IsArithmetic) _success = Answers.Counted(reply.Value, Version, reply.TimeToLive);
                    break;
                }

                _success = _change.IsArithmetic
                    ? Answers.Counted(Value.Span, Version, ItemExpiry.Remaining(Exptime, Worker.Time.GetUtcNow()))
                    : Answers.Done(Version, Value.Length);
                Made(replica);
                break;
            case ReplyKind.Error when _change.IsArithmetic && !_isVivifying:
                // Not a number: what was found before, or a tombstone that has taken its place since. The copy asked for tells.
                _refusal = Composer.Line(reply.Line);
                break;
            case ReplyKind.Error:
                // memcached drops the old item when it cannot store the new one.
                Worker.Metrics.RefusedWrites++;
                Worker.Commands.Forget(Key, Hash, Replicas);
                Fail(Composer.Line(reply.Line));
                break;
            case ReplyKind.NotStored when IsReadBack:
                Refuse(Answers.NotStored(Value.Length));
                break;
            default:
                if (!IsReadBack) Check(replica, Checking);
                break;
        }
    }

    // Somebody may have changed or deleted it since: then that is what counts.
    private void OnReadBack(int replica, in MemberReply item)
    {
        if (!_change.IsArithmetic) _success = Answers.Done(Version, item.Value.Length);
        if (item.Kind != ReplyKind.Value || Replication.ItemVersion.IsTombstone(item))
        {
            // What cannot be read cannot be copied.
            if (item.Kind == ReplyKind.Error) Worker.Commands.Forget(Key, Hash, Replicas);
            Refuse(_success);
            return;
        }

        Value.Keep(Replicas[replica], item.Value);
        (Flags, ItemVersion) = (item.Flags, item.Version);
        Exptime = ItemExpiry.ForRemaining(item.TimeToLive, Worker.Time.GetUtcNow());
        if (Replication.ItemVersion.IsGiven(ItemVersion))
        {
            Made(replica);
            return;
        }

        // Where a number gets longer, or is just being read, memcached stores it with a version of its own.
        ItemVersion = Version;
        Store(replica, Stamping, Flags, Exptime, Version, StoreCondition.Version, item.Version);
    }

    // append and prepend begin with their own value, counting with the number given for that.
    private void Vivify()
    {
        Exptime = _change.Meta.VivifiedExptime;
        if (!_change.IsArithmetic) return;
        Span<byte> digits = stackalloc byte[20];
        var writer = new SpanWriter(digits);
        writer.Write(_change.Meta.Initial);
        Value.Keep(source: null, digits[..writer.Length]);
        Flags = 0;
    }

    private void Made(int replica)
    {
        EndDecision();
        Mark(replica, applied: true);
        Spread(_reachable & ~(1UL << replica));
    }

    private void Fail(ReadOnlyMemory<byte> reply)
    {
        Worker.Metrics.Errors++;
        Refuse(reply);
    }

    // Nothing is to be spread.
    private void Refuse(ReadOnlyMemory<byte> reply)
    {
        if (_won != 0 && Primary >= 0) GiveWinBack(Primary, Revoking, _won);
        EndDecision();
        Conclude(reply);
        Value.Release();
        Close();
    }

    private void EndDecision()
    {
        _isDeciding = false;
        Worker.Decisions.Leave(this);
    }
}
