using CacheOperator.Proxy.Clients;
using CacheOperator.Proxy.Protocol;
using CacheOperator.Proxy.Workers;

namespace CacheOperator.Proxy.Replication;

/// <summary>
/// <c>add</c>: decided by the key's primary, which is the same for every proxy, so that it can be used as a lock; then
/// brought to the other replicas with the version it has there, unless they hold a newer one already.
/// </summary>
internal sealed class AddOperation(Worker worker) : WriteOperation(worker)
{
    private const int Deciding = 1;
    private const int DecidingCheck = 2;
    private const int Storing = 3;
    private const int StoringCheck = 4;
    private const int Revoking = 5;

    // Another writer must come in between every single time to use these up.
    private const int MaxAttempts = 16;

    private readonly byte[] _attempts = new byte[Routing.RoutingTable.MaxReplicas];
    private byte[]? _value;
    private int _valueLength;
    private uint _flags;
    private int _exptime;
    private ulong _reachable;

    /// <summary>A later read of the same client must see what was added, wherever it reads.</summary>
    public override bool IsOrdered => true;

    public void Prepare(ClientConnection client, in ClientCommand command, ulong hash, ReplicaSet replicas)
    {
        base.Prepare(client, command.Key, hash, replicas, command.Value.Length);
        (_flags, _exptime) = (command.Flags, command.Exptime);
        _valueLength = command.Value.Length;
        _value = Worker.Loop.Buffers.Rent(Math.Max(_valueLength, 1));
        command.Value.CopyTo(_value);
        Array.Clear(_attempts, 0, replicas.Count);
    }

    protected override void Start()
    {
        _reachable = Survey();
        if (Primary < 0)
        {
            Fail(Replies.NoReplica);
            return;
        }

        Store(Primary, Deciding, StoreCondition.Absent, 0);
    }

    protected override void SendTo(int replica, bool late) => Store(replica, Storing, StoreCondition.Absent, 0);

    protected override void OnReply(int replica, int tag, in MemberReply reply)
    {
        Worker.Clock.Observe(reply.Version);
        switch (tag)
        {
            case Deciding or DecidingCheck when !Replicas[replica].IsReady:
                // The connection led to another process than the topology speaks of: it decides nothing.
                Revoke(replica);
                DecideElsewhere(replica);
                break;
            case Deciding or DecidingCheck:
                Decide(replica, tag, reply);
                break;
            case Storing or StoringCheck:
                Settle(replica, Converge(replica, tag, reply));
                break;
        }
    }

    protected override void OnFailure(int replica, int tag)
    {
        if (tag is Storing or StoringCheck) base.OnFailure(replica, tag);
        if (tag is Deciding or DecidingCheck) DecideElsewhere(replica);
    }

    protected override byte[] Answer() => Replies.Stored;

    protected override bool OnSettled()
    {
        if (!IsAnswered) Conclude(Replies.Stored);
        ReleaseValue();
        return false;
    }

    protected override void Recycle() => Worker.Adds.Return(this);

    // It may have stored the item: it counts as one that missed a write. The next primary decides.
    private void DecideElsewhere(int replica)
    {
        Mark(replica, applied: false);
        _reachable &= ~(1UL << replica);
        if (ElectAnother())
        {
            Store(Primary, Deciding, StoreCondition.Absent, 0);
        }
        else
        {
            Fail(Replies.NoReplica);
        }
    }

    private void Decide(int replica, int tag, in MemberReply reply)
    {
        switch (reply.Kind)
        {
            case ReplyKind.Error:
                Fail([.. reply.Line, (byte)'\r', (byte)'\n']);
                break;
            case ReplyKind.Done when tag == Deciding:
                Mark(replica, applied: true);
                Spread(_reachable & ~(1UL << replica));
                break;
            case ReplyKind.Done when !ItemVersion.IsTombstone(reply) || ++_attempts[replica] > MaxAttempts:
                Conclude(Replies.NotStored);
                ReleaseValue();
                Close();
                break;
            case ReplyKind.Done:
                // Above the tombstone's version: the other replicas hold the same tombstone.
                RenewVersion();
                Store(replica, Deciding, StoreCondition.Version, reply.Version);
                break;
            case ReplyKind.Miss:
                Store(replica, Deciding, StoreCondition.Absent, 0);
                break;
            default:
                Check(replica, DecidingCheck);
                break;
        }
    }

    // The newer version wins: what is there is replaced only if it is older.
    private Verdict Converge(int replica, int tag, in MemberReply reply)
    {
        if (reply.Kind == ReplyKind.Error) return Verdict.Refused;
        if (tag == Storing)
        {
            if (reply.Kind == ReplyKind.Done) return Verdict.Applied;
            if (++_attempts[replica] > MaxAttempts) return Verdict.Failed;
            Check(replica, StoringCheck);
            return Verdict.Pending;
        }

        if (reply.Kind == ReplyKind.Miss)
        {
            Store(replica, Storing, StoreCondition.Absent, 0);
            return Verdict.Pending;
        }

        if (reply.Version >= Version) return Verdict.Applied;
        Store(replica, Storing, StoreCondition.Version, reply.Version);
        return Verdict.Pending;
    }

    private void Store(int replica, int tag, StoreCondition condition, ulong expected)
    {
        var target = Replicas[replica].Reserve(Key.Length + _valueLength + MemberRequests.Overhead);
        Request(replica, tag, MemberRequests.Store(target, Key, _value.AsSpan(0, _valueLength), _flags, _exptime, Version, condition, expected));
    }

    private void Check(int replica, int tag) =>
        Request(replica, tag, MemberRequests.Version(Replicas[replica].Reserve(Key.Length + MemberRequests.Overhead), Key));

    private void Revoke(int replica) =>
        Request(replica, Revoking, MemberRequests.Delete(Replicas[replica].Reserve(Key.Length + MemberRequests.Overhead), Key, Version));

    private void Fail(byte[] reply)
    {
        Worker.Metrics.Errors++;
        Conclude(reply);
        ReleaseValue();
        Close();
    }

    private void ReleaseValue()
    {
        if (_value is not null) Worker.Loop.Buffers.Return(_value);
        _value = null;
    }
}
