using CacheOperator.Proxy.Clients;
using CacheOperator.Proxy.Protocol;
using CacheOperator.Proxy.Workers;

namespace CacheOperator.Proxy.Replication;

/// <summary>
/// <c>mg</c> with <c>N</c> or <c>R</c>: one client of all is to win the right to fill the item. So the key's primary
/// answers, whichever zone asks; an item that it makes is brought to the other replicas.
/// </summary>
internal sealed class FetchOrMakeOperation(Worker worker) : OutcomeOperation(worker)
{
    private const int Asking = 1;
    private const int Clearing = 2;

    private MetaFlags _flags;
    private ReadOnlyMemory<byte> _answer;
    private ulong _reachable;
    private bool _isAsking;

    /// <summary>A later read of the same client must see what was made, wherever it reads.</summary>
    public override bool IsOrdered => true;

    public void Prepare(ClientConnection client, in ClientCommand command, ReadOnlySpan<byte> key, ulong hash, ReplicaSet replicas)
    {
        base.Prepare(client, key, hash, replicas, weight: 0);
        KeepTokens(command.Tokens);
        (_flags, _isAsking) = (command.Meta, true);
    }

    protected override void Start()
    {
        Worker.Metrics.Reads++;
        _reachable = Survey();
        if (Primary < 0)
        {
            Fail();
        }
        else
        {
            Ask();
        }
    }

    protected override void OnDecisionReply(int replica, int tag, in MemberReply reply)
    {
        if (tag != Asking || !_isAsking || replica != Primary) return;
        if (reply.Kind == ReplyKind.Error || !Replicas.IsReady(replica))
        {
            AskElsewhere(replica);
        }
        else if (reply.Kind == ReplyKind.Miss)
        {
            End(Miss());
        }
        else if (Replication.ItemVersion.IsTombstone(reply))
        {
            // No item can be made in its place. Its version is renewed, so that the new item stands above it everywhere.
            if (!_flags.Vivifies)
            {
                End(Miss());
                return;
            }

            RenewVersion();
            Request(replica, Clearing, MemberRequests.Delete(Reserve(replica), Key, reply.Version));
            Ask();
        }
        else
        {
            _answer = Compose(reply);
            if (reply.Version == Version)
            {
                Made(replica);
            }
            else
            {
                Worker.Metrics.Hits++;
                End(_answer);
                if (_flags.Exptime is { } exptime) Worker.Commands.Touch(exptime, Key, Hash, Replicas);
            }
        }
    }

    protected override void OnDecisionFailure(int replica, int tag)
    {
        if (tag == Asking && _isAsking && replica == Primary) AskElsewhere(replica);
    }

    protected override ReadOnlyMemory<byte>? Answer() => _answer;

    protected override bool OnSettled()
    {
        if (!IsAnswered) Conclude(_answer);
        Value.Release();
        return false;
    }

    protected override void Recycle() => Worker.Pools.Fetches.Return(this);

    private void Ask()
    {
        var target = Reserve(Primary, MetaTokens.Length);
        Request(Primary, Asking, MemberRequests.MetaGet(target, Key, MetaTokens, "TNR"u8, _flags.Vivifies ? Version : 0));
    }

    private void AskElsewhere(int replica)
    {
        Mark(replica, applied: false);
        _reachable &= ~(1UL << replica);
        if (ElectAnother())
        {
            Ask();
        }
        else
        {
            Fail();
        }
    }

    private void Made(int replica)
    {
        _isAsking = false;
        Value.Keep(source: null, default);
        (Flags, Exptime, ItemVersion, BaseVersion) = (0, _flags.VivifiedExptime, Version, 0);
        Mark(replica, applied: true);
        Spread(_reachable & ~(1UL << replica));
    }

    private ReadOnlyMemory<byte> Compose(in MemberReply item)
    {
        var target = Composer.Rent(MetaReply.ItemLength(MetaTokens, item) + item.Value.Length + 2);
        var line = MetaReply.WriteItem(target.Span, MetaTokens, item);
        if (item.Kind != ReplyKind.Value) return target[..line];
        var writer = new SpanWriter(target.Span[line..]);
        writer.Write(item.Value);
        writer.Write("\r\n"u8);
        return target[..(line + writer.Length)];
    }

    private ReadOnlyMemory<byte> Miss() => _flags.IsQuiet ? default : Composer.Meta("EN"u8, MetaTokens, Key);

    private void Fail()
    {
        Worker.Metrics.Errors++;
        End(Replies.NoReplica);
    }

    private void End(ReadOnlyMemory<byte> answer)
    {
        _isAsking = false;
        Conclude(answer);
        Close();
    }
}
