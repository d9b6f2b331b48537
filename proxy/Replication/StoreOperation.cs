using CacheOperator.Proxy.Clients;
using CacheOperator.Proxy.Net;
using CacheOperator.Proxy.Protocol;
using CacheOperator.Proxy.Workers;

namespace CacheOperator.Proxy.Replication;

/// <summary>
/// <c>set</c> and <c>ms</c>: the value goes to every replica. When one refuses it (memcached drops the old item then) before the
/// client was told of success, it is taken back everywhere: no zone keeps the old value, and none the new one.
/// </summary>
internal sealed class StoreOperation(Worker worker) : WriteOperation(worker)
{
    private int _valueLength;
    private uint _flags;
    private int _exptime;
    private bool _isQuiet;
    private byte[]? _refusal;
    private bool _takingBack;

    public void Prepare(ClientConnection client, in ClientCommand command, ReadOnlySpan<byte> key, ulong hash, ReplicaSet replicas)
    {
        base.Prepare(client, key, hash, replicas, command.Value.Length);
        (_flags, _exptime, _takingBack) = (command.Flags, command.Exptime, false);
        if (command.Kind == CommandKind.MetaSet)
        {
            (_flags, _exptime) = (command.Meta.ClientFlags, command.Meta.Exptime ?? 0);
            _isQuiet = command.Meta.IsQuiet;
            KeepTokens(command.Tokens);
        }

        _valueLength = command.Value.Length;
        Value.Borrow(client, command.Value);
    }

    protected override void Start()
    {
        var reachable = Survey();
        if (reachable == 0)
        {
            Worker.Metrics.Errors++;
            Conclude(Replies.NoReplica);
            Value.Release();
            Close();
            return;
        }

        // Only replicas that come after the others need the value after this.
        var mayComeLate = false;
        for (var i = 0; i < Replicas.Count; i++) mayComeLate |= !Replicas.IsReady(i) || !Replicas[i].IsUp;
        if (mayComeLate || _valueLength >= SharedBuffer.Worthwhile) Value.Keep(Client, Value.Span);
        Spread(reachable);
        if (!mayComeLate) Value.Release();
    }

    protected override void SendTo(int replica, bool late)
    {
        if (_takingBack)
        {
            var target = ReserveChange(replica);
            Request(replica, 0, MemberRequests.Delete(target, Key, Version));
        }
        else if (_refusal is not null || !Value.Exists)
        {
            // A late replica, after a Ready one refused: its old value must go too. One that was Ready until it refused has lost it already.
            var target = ReserveChange(replica);
            Request(replica, 0, MemberRequests.Store(target, Key, default, 0, Worker.Settings.TombstoneSeconds, ItemVersion.Tombstone(Version)));
        }
        else
        {
            Store(replica, 0, _flags, _exptime, Version);
        }
    }

    protected override void OnReply(int replica, int tag, in MemberReply reply)
    {
        if (!_takingBack && reply.Kind == ReplyKind.Error)
        {
            if (!IsAnswered && Replicas.IsReady(replica)) _refusal ??= [.. reply.Line, (byte)'\r', (byte)'\n'];
            Worker.Metrics.RefusedWrites++;
            Settle(replica, Verdict.Refused);
            return;
        }

        Settle(replica, Verdict.Applied);
    }

    protected override ReadOnlyMemory<byte>? Answer() =>
        _refusal is not null ? null
        : !IsMeta ? Replies.Stored
        : _isQuiet ? default(ReadOnlyMemory<byte>)
        : Composer.Meta("HD"u8, MetaTokens, Key, Version, _valueLength);

    protected override bool OnSettled()
    {
        var holders = Applied & ~Late;
        if (_refusal is not null && !_takingBack && !IsAnswered && holders != 0)
        {
            _takingBack = true;
            SpreadLast(holders);
            return true;
        }

        if (!IsAnswered) Conclude(Failed(_refusal));
        Value.Release();
        return false;
    }

    protected override void Recycle()
    {
        _refusal = null;
        Worker.Pools.Stores.Return(this);
    }
}
