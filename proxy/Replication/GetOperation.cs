using CacheOperator.Proxy.Clients;
using CacheOperator.Proxy.Hints;
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

    private OutputBuffer? _stash;
    private byte[]? _longList;
    private int _length;
    private int _answered;
    private ulong _asked;
    private ulong _failedReplicas;
    private ulong _candidates;
    private int _attempts;
    private bool _withVersion;
    private bool _isLast;
    private bool _failed;

    public override bool IsRead => true;

    private ReadOnlySpan<byte> List => _longList is null ? Key : _longList.AsSpan(0, _length);

    private ReadOnlySpan<byte> Rest => List[_answered..].TrimStart((byte)' ');

    /// <param name="client">Who asks.</param>
    /// <param name="keys">Separated by spaces, at most <see cref="ReadBatch.MaxKeysLength"/> bytes.</param>
    /// <param name="count">How many keys that is.</param>
    /// <param name="replicas">The members that hold them.</param>
    /// <param name="withVersion">Whether the answer shows versions (<c>gets</c>).</param>
    /// <param name="isLast">Whether these are the last keys of their command.</param>
    public void Prepare(ClientConnection client, ReadOnlySpan<byte> keys, int count, ReplicaSet replicas, bool withVersion, bool isLast)
    {
        var isShort = keys.Length <= MaxKeyLength;
        base.Prepare(client, isShort ? keys : default, hash: 0, replicas, weight: keys.Length, count);
        if (!isShort) keys.CopyTo(_longList = Worker.Loop.Buffers.Rent(keys.Length));
        (_length, _answered) = (keys.Length, 0);
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

    internal override void AddKeys(ref HashFilter filter)
    {
        foreach (var key in new KeyList(Rest)) filter.Add(KeyHash.Of(key));
    }

    internal override void OnSlow()
    {
        if (!IsDone && AskNext()) Worker.Metrics.HedgedReads++;
    }

    internal override void OnPart(int replica, int tag, in MemberReply item)
    {
        // The first attempt that goes on from here is the one that counts: the others have seen another past.
        var attempt = 1UL << tag;
        if (IsDone || (_candidates & attempt) == 0 || !Replicas.IsReady(replica)) return;
        _candidates = attempt;
        Skip(item.Key);
        Worker.Clock.Observe(item.Version);
        if (ItemVersion.IsTombstone(item)) return;
        Worker.Metrics.Hits++;
        if (Client?.Answers is { HasFailed: false } answers) Write(answers, replica, item);
    }

    protected override void Start()
    {
        Worker.Metrics.Reads += Keys;
        if (!AskNext()) GiveUp();
    }

    protected override void OnReply(int replica, int tag, in MemberReply reply)
    {
        if (reply.Kind != ReplyKind.End || !Replicas.IsReady(replica))
        {
            OnFailure(replica, tag);
            return;
        }

        if (IsDone || (_candidates & (1UL << tag)) == 0) return;
        if (Replicas.IsForeign(replica)) Worker.Metrics.FallbackReads += Keys;
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

    protected override void WriteAnswer(AnswerStream answers)
    {
        if (_failed) answers.HasFailed = true;
        else if (!answers.HasFailed) SendStash(answers);
        if (_isLast) answers.EndItems();
    }

    protected override void Recycle()
    {
        if (_longList is not null) Worker.Loop.Buffers.Return(_longList);
        _longList = null;
        _stash?.Clear();
        Worker.Pools.Gets.Return(this);
    }

    private bool AskNext()
    {
        var replica = _attempts < MaxAttempts ? Replicas.NextToRead(_asked, Rest) : -1;
        if (replica < 0) return false;
        _asked |= 1UL << replica;
        if (!Replicas[replica].Health.IsClean && !LeaveOutMissed(replica)) return false;
        if (Rest.IsEmpty)
        {
            Finish();
            return true;
        }

        _candidates |= 1UL << _attempts;
        Read(replica, _attempts++, Rest);
        return true;
    }

    // Of several keys each may have missed the latest write elsewhere: what this replica missed is a miss.
    private bool LeaveOutMissed(int replica)
    {
        if (Keys == 1) return true;
        if (_longList is null) Key.CopyTo(_longList = Worker.Loop.Buffers.Rent(_length));
        var end = _answered;
        foreach (var key in new KeyList(Rest))
        {
            if (Replicas[replica].Health.LackOf(key) is { IsNothing: false } lack && lack != Lack.Unknown)
            {
                // What was asked for before still goes by the list as it is.
                if (_candidates != 0) return false;
                continue;
            }

            if (end > 0) _longList[end++] = (byte)' ';
            key.CopyTo(_longList.AsSpan(end));
            end += key.Length;
        }

        _length = end;
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
        var keys = new KeyList(List[_answered..]);
        while (keys.MoveNext() && !keys.Current.SequenceEqual(key))
        {
        }

        _answered += keys.End;
    }

    private void Write(AnswerStream answers, int replica, in MemberReply item)
    {
        if (answers.IsNext(this))
        {
            SendStash(answers);
            answers.Written(Write(answers.Output, replica, item));
        }
        else
        {
            AddWeight(Write(_stash ??= new OutputBuffer(Worker.Loop.Buffers, SmallStash), replica, item));
        }
    }

    private void SendStash(AnswerStream answers)
    {
        if (_stash is not null) answers.Send(_stash);
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
