using CacheOperator.Proxy.Clients;
using CacheOperator.Proxy.Members;
using CacheOperator.Proxy.Net;
using CacheOperator.Proxy.Protocol;
using CacheOperator.Proxy.Routing;
using CacheOperator.Proxy.Workers;

namespace CacheOperator.Proxy.Replication;

/// <summary>
/// <c>get</c> and <c>gets</c> of keys that live in one shard: all of them from the first replica that may be read, and the rest
/// from the next one when that fails or is slow. A miss is final: see <see cref="ReadOperation"/> for
/// <see cref="CacheOperator.Topology.ReadFallback.OnMiss"/>.
/// </summary>
internal sealed class GetOperation(Worker worker) : Operation(worker)
{
    private const int MaxAttempts = 64;
    private const int SmallStash = 512;

    private readonly byte[] _shortList = new byte[ClientParser.MaxKeyLength];
    private readonly OutputBuffer _stash = new(worker.Loop.Buffers, SmallStash);
    private byte[] _keys = [];
    private int _length;
    private int _count;
    private int _answered;
    private ulong _asked;
    private ulong _failedReplicas;
    private ulong _candidates;
    private int _attempts;
    private bool _withVersion;
    private bool _isLast;
    private bool _failed;

    public override int Keys => _count;

    public override bool IsRead => true;

    private ReadOnlySpan<byte> Rest => _keys.AsSpan(_answered, _length - _answered).TrimStart((byte)' ');

    /// <param name="client">Who asks.</param>
    /// <param name="keys">Separated by spaces, at most <see cref="ReadBatch.MaxKeysLength"/> bytes.</param>
    /// <param name="count">How many keys that is.</param>
    /// <param name="replicas">The members that hold them.</param>
    /// <param name="withVersion">Whether the answer shows versions (<c>gets</c>).</param>
    /// <param name="isLast">Whether these are the last keys of their command.</param>
    public void Prepare(ClientConnection client, ReadOnlySpan<byte> keys, int count, ReplicaSet replicas, bool withVersion, bool isLast)
    {
        base.Prepare(client, key: default, hash: 0, replicas, weight: keys.Length);
        _keys = keys.Length <= _shortList.Length ? _shortList : Worker.Loop.Buffers.Rent(keys.Length);
        keys.CopyTo(_keys);
        (_length, _count, _answered) = (keys.Length, count, 0);
        (_asked, _failedReplicas, _candidates, _attempts) = (0, 0, 0, 0);
        (_withVersion, _isLast, _failed) = (withVersion, isLast, false);
    }

    internal override bool Reads(ReadOnlySpan<byte> key, ulong hash)
    {
        foreach (var mine in new KeyList(Rest))
        {
            if (key.IsEmpty ? KeyHash.Of(mine) == hash : mine.SequenceEqual(key)) return true;
        }

        return false;
    }

    internal override void OnSlow()
    {
        if (!IsDone && AskNext()) Worker.Metrics.HedgedReads++;
    }

    internal override void OnPart(int replica, int tag, in MemberReply item)
    {
        // The first attempt that goes on from here is the one that counts: the others have seen another past.
        var attempt = 1UL << tag;
        if (IsDone || (_candidates & attempt) == 0 || !Replicas[replica].IsReady) return;
        _candidates = attempt;
        Skip(item.Key);
        Worker.Clock.Observe(item.Version);
        if (ItemVersion.IsTombstone(item)) return;
        Worker.Metrics.Hits++;
        if (Client is { AnswerFailed: false } client) Write(client, replica, item);
    }

    protected override void Start()
    {
        Worker.Metrics.Reads += _count;
        if (!AskNext()) GiveUp();
    }

    protected override void OnReply(int replica, int tag, in MemberReply reply)
    {
        if (reply.Kind != ReplyKind.End || !Replicas[replica].IsReady)
        {
            OnFailure(replica, tag);
            return;
        }

        if (IsDone || (_candidates & (1UL << tag)) == 0) return;
        if (Replicas.IsForeign(replica)) Worker.Metrics.FallbackReads += _count;
        Finish();
    }

    protected override void OnFailure(int replica, int tag)
    {
        _failedReplicas |= 1UL << replica;
        _candidates &= ~(1UL << tag);
        if (IsDone || _candidates != 0 || AskNext()) return;

        // Replicas whose answer was of no use any more when another one came first may still be good.
        _asked = _failedReplicas;
        if (!AskNext()) GiveUp();
    }

    protected override void WriteAnswer(ClientConnection client)
    {
        if (_failed) client.AnswerFailed = true;
        else if (!client.AnswerFailed) client.Send(_stash);
        if (_isLast) client.EndItems();
    }

    protected override void Recycle()
    {
        if (_keys != _shortList) Worker.Loop.Buffers.Return(_keys);
        _keys = [];
        _stash.Clear();
        Worker.Pools.Gets.Return(this);
    }

    private bool AskNext()
    {
        var replica = _attempts < MaxAttempts ? Replicas.NextToRead(_asked) : -1;
        if (replica < 0) return false;
        _asked |= 1UL << replica;
        _candidates |= 1UL << _attempts;
        Read(replica, _attempts++, Rest);
        return true;
    }

    private void GiveUp()
    {
        _failed = true;
        Worker.Metrics.Errors++;
        Finish();
    }

    private void Skip(ReadOnlySpan<byte> key)
    {
        var keys = new KeyList(_keys.AsSpan(_answered, _length - _answered));
        while (keys.MoveNext() && !keys.Current.SequenceEqual(key))
        {
        }

        _answered += keys.End;
    }

    private void Write(ClientConnection client, int replica, in MemberReply item)
    {
        if (client.IsNext(this))
        {
            client.Send(_stash);
            client.Written(Write(client.Answers, replica, item));
        }
        else
        {
            AddWeight(Write(_stash, replica, item));
        }
    }

    private int Write(OutputBuffer output, int replica, in MemberReply item)
    {
        var before = output.Length;
        var isLarge = item.Value.Length >= SharedBuffer.Worthwhile;
        output.Advance(ValueLine.Copy(output.GetSpan(item.Line.Length + 2 + (isLarge ? 0 : item.Value.Length + 2)), item, _withVersion));
        if (isLarge) output.Write(Replicas[replica].Keep(item.Value));
        else output.Write(item.Value);
        output.Write("\r\n"u8);
        return (int)(output.Length - before);
    }
}
