using CacheOperator.Proxy.Clients;
using CacheOperator.Proxy.Protocol;
using CacheOperator.Proxy.Workers;

namespace CacheOperator.Proxy.Replication;

/// <summary>
/// Writes that depend on what is stored: <c>add</c>, <c>replace</c>, <c>cas</c>, <c>append</c>, <c>prepend</c>,
/// <c>incr</c>, <c>decr</c>. The key's primary, which is the same for every proxy, decides: it makes the change if it
/// still holds the version that the decision was based on, so that no change of another proxy is lost. The outcome, as
/// it stands there, is then brought to the other replicas.
/// </summary>
internal sealed class ConditionalOperation(Worker worker) : OutcomeOperation(worker)
{
    private const int Attempting = 1;
    private const int Checking = 2;
    private const int ReadingBack = 3;
    private const int Revoking = 4;

    // Another writer must come in between every single time to use these up.
    private const int MaxAttempts = 1000;

    private CommandKind _kind;
    private ulong _number;
    private byte[] _success = Replies.Stored;
    private ulong _reachable;
    private int _attempts;
    private bool _hasTurn;
    private bool _isDeciding;
    private bool _isMade;

    /// <summary>A later read of the same client must see the outcome, wherever it reads.</summary>
    public override bool IsOrdered => true;

    /// <summary>The next one for the same key in the <see cref="DecisionQueue"/>.</summary>
    internal ConditionalOperation? NextDecision { get; set; }

    private bool IsArithmetic => _kind is CommandKind.Increment or CommandKind.Decrement;

    // Made by the member itself, which keeps flags and expiry: what came of it has to be read.
    private bool IsReadBack => IsArithmetic || _kind is CommandKind.Append or CommandKind.Prepend;

    public void Prepare(ClientConnection client, in ClientCommand command, ulong hash, ReplicaSet replicas)
    {
        base.Prepare(client, command.Key, hash, replicas, command.Value.Length);
        (_kind, _number, Flags, Exptime) = (command.Kind, command.Number, command.Flags, command.Exptime);
        (_success, _attempts, _hasTurn, _isDeciding, _isMade) = (Replies.Stored, 0, false, true, false);
        KeepValue(command.Value);
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
        else
        {
            Decide();
        }
    }

    protected override void OnDecisionReply(int replica, int tag, in MemberReply reply)
    {
        if (tag == Revoking || !_isDeciding || replica != Primary) return;
        if (!Replicas[replica].IsReady)
        {
            // The connection led to another process than the topology speaks of: it decides nothing.
            Request(replica, Revoking, MemberRequests.Delete(Replicas[replica].Reserve(Key.Length + MemberRequests.Overhead), Key, Version));
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
            default:
                OnFound(replica, reply);
                break;
        }
    }

    protected override void OnDecisionFailure(int replica, int tag)
    {
        if (tag != Revoking && _isDeciding && replica == Primary) DecideElsewhere(replica);
    }

    protected override byte[] Answer() => _success;

    protected override bool OnSettled()
    {
        if (!IsAnswered) Conclude(_success);
        ReleaseValue();
        return false;
    }

    protected override void Recycle() => Worker.Pools.Conditionals.Return(this);

    // Where the version to change is known, there is no need to ask for it.
    private void Decide()
    {
        if (_kind == CommandKind.Add)
        {
            Attempt(Primary, 0);
        }
        else if (_kind == CommandKind.Cas && _number != 0 && _number < Version && !Replication.ItemVersion.IsTombstone(_number, 0))
        {
            Attempt(Primary, _number);
        }
        else
        {
            Check(Primary, Checking);
        }
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
        var isLive = item.Kind is ReplyKind.Done or ReplyKind.Value && !Replication.ItemVersion.IsTombstone(item);
        if (item.Kind == ReplyKind.Error)
        {
            Fail([.. item.Line, (byte)'\r', (byte)'\n']);
        }
        else if (_kind == CommandKind.Add ? isLive : !isLive)
        {
            Refuse(_kind is CommandKind.Cas or CommandKind.Increment or CommandKind.Decrement ? Replies.NotFound : Replies.NotStored);
        }
        else if (_kind == CommandKind.Cas && item.Version != _number)
        {
            Refuse(Replies.Exists);
        }
        else if (++_attempts > MaxAttempts)
        {
            Fail(Replies.Contended);
        }
        else
        {
            RenewVersion();
            Attempt(replica, item.Kind == ReplyKind.Miss ? 0 : item.Version);
        }
    }

    private void Attempt(int replica, ulong expected)
    {
        (BaseVersion, ItemVersion) = (expected, Version);
        var member = Replicas[replica];
        var target = member.Reserve(Key.Length + Value.Length + MemberRequests.Overhead);
        var condition = _kind switch
        {
            CommandKind.Append => StoreCondition.Appending,
            CommandKind.Prepend => StoreCondition.Prepending,
            _ when expected == 0 => StoreCondition.Absent,
            _ => StoreCondition.Version,
        };
        Request(replica, Attempting, IsArithmetic
            ? MemberRequests.Arithmetic(target, Key, _kind == CommandKind.Increment, _number, Version, expected)
            : MemberRequests.Store(target, Key, Value, Flags, Exptime, Version, condition, expected));
        if (IsReadBack) Request(replica, ReadingBack, MemberRequests.Copy(member.Reserve(Key.Length + MemberRequests.Overhead), Key));
    }

    private void OnAttempted(int replica, in MemberReply reply)
    {
        switch (reply.Kind)
        {
            case ReplyKind.Done or ReplyKind.Value:
                _isMade = true;
                if (IsArithmetic) _success = [.. reply.Value, (byte)'\r', (byte)'\n'];
                if (!IsReadBack) Made(replica);
                break;
            case ReplyKind.Error when IsArithmetic:
                Refuse([.. reply.Line, (byte)'\r', (byte)'\n']);
                break;
            case ReplyKind.Error:
                // memcached drops the old item when it cannot store the new one.
                Worker.Metrics.RefusedWrites++;
                Worker.Commands.Forget(Key, Hash, Replicas);
                Fail([.. reply.Line, (byte)'\r', (byte)'\n']);
                break;
            case ReplyKind.NotStored when IsReadBack:
                Refuse(Replies.NotStored);
                break;
            default:
                if (!IsReadBack) Check(replica, Checking);
                break;
        }
    }

    // Somebody may have changed or deleted it since: then that is what counts.
    private void OnReadBack(int replica, in MemberReply item)
    {
        if (item.Kind != ReplyKind.Value || Replication.ItemVersion.IsTombstone(item))
        {
            // What cannot be read cannot be copied.
            if (item.Kind == ReplyKind.Error) Worker.Commands.Forget(Key, Hash, Replicas);
            Refuse(_success);
            return;
        }

        KeepValue(item.Value);
        (Flags, ItemVersion) = (item.Flags, item.Version);
        Exptime = ItemExpiry.ForRemaining(item.TimeToLive, Worker.Time.GetUtcNow());
        Made(replica);
    }

    private void Made(int replica)
    {
        EndDecision();
        Mark(replica, applied: true);
        Spread(_reachable & ~(1UL << replica));
    }

    private void Fail(byte[] reply)
    {
        Worker.Metrics.Errors++;
        Refuse(reply);
    }

    // Nothing is to be spread.
    private void Refuse(byte[] reply)
    {
        EndDecision();
        Conclude(reply);
        ReleaseValue();
        Close();
    }

    private void EndDecision()
    {
        _isDeciding = false;
        Worker.Decisions.Leave(this);
    }
}
