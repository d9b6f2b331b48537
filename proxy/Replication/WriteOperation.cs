using System.Numerics;
using CacheOperator.Proxy.Clients;
using CacheOperator.Proxy.Hints;
using CacheOperator.Proxy.Members;
using CacheOperator.Proxy.Protocol;
using CacheOperator.Proxy.Workers;

namespace CacheOperator.Proxy.Replication;

/// <summary>
/// Brings one change to all replicas: to the Ready ones first and, once every one of those has answered or failed, to
/// the others that take writes (the order that warm-up depends on). The client is answered as soon as
/// <see cref="AckRule"/> allows. What a replica did not acknowledge is recorded as missed before the client is
/// answered, so that the replica is not read until that is made up for. While a key moves between shards, the client waits for the late ones too.
/// </summary>
internal abstract class WriteOperation(Worker worker) : Operation(worker)
{
    private WriteTally _tally;
    private bool _isLate;
    private bool _answered;
    private bool _comesLate;

    /// <summary>A replica that comes after the Ready ones may be Ready itself by then: a later read of the same client would get there first.</summary>
    public override bool IsOrdered => _comesLate;

    /// <summary>Version of this write.</summary>
    protected ulong Version { get; private set; }

    /// <inheritdoc cref="WriteTally.Applied"/>
    protected ulong Applied => _tally.Applied;

    /// <inheritdoc cref="WriteTally.Late"/>
    protected ulong Late => _tally.Late;

    /// <summary>Whether the client has its answer.</summary>
    protected bool IsAnswered => _answered;

    /// <summary>The key's primary; -1 if there is none.</summary>
    protected int Primary { get; private set; }

    /// <summary>Whether a replica did not acknowledge.</summary>
    protected bool HasMissing => _tally.Missing != 0;

    /// <summary>Whether too few replicas can be reached for the write to be acknowledged.</summary>
    protected bool IsOutvoted => _tally.IsOutvoted(Replicas.Owner.Replication.WriteAck);

    /// <summary>What it stores, if it does.</summary>
    protected StoredValue Value => field ??= new StoredValue(Worker.Loop.Buffers);

    /// <summary>What a replica that missed this write may hold instead is of this version at most.</summary>
    protected virtual ulong MissedVersion => Version;

    /// <summary>What a replica that missed this write lacks, when another one has it.</summary>
    protected virtual Lack Lack => new(Version, Touch: 0);

    protected void Prepare(ClientConnection? client, ReadOnlySpan<byte> key, ulong hash, ReplicaSet replicas, int weight)
    {
        base.Prepare(client, key, hash, replicas, weight);
        (_tally, Primary, _isLate, _answered, _comesLate) = (default, -1, false, false, false);
        for (var i = 0; i < replicas.Count; i++) _comesLate |= !replicas.IsReady(i);
        replicas.Owner.BeginWrite();
        Version = Worker.Clock.Next();
        Worker.Metrics.Writes++;
    }

    /// <summary>Sends this replica the requests that make the change.</summary>
    /// <param name="replica">Which one.</param>
    /// <param name="late">Whether it is one of those that come after the Ready ones.</param>
    protected abstract void SendTo(int replica, bool late);

    /// <summary>All replicas have answered or failed. May start another round with <see cref="Spread"/>.</summary>
    /// <returns>Whether it did.</returns>
    protected abstract bool OnSettled();

    /// <summary>The answer for the client once enough replicas have acknowledged; null to wait for the rest, or when it is given already.</summary>
    protected abstract ReadOnlyMemory<byte>? Answer();

    /// <summary>Asks a replica to store <see cref="Value"/>, see <see cref="MemberRequests.Store"/>.</summary>
    protected void Store(int replica, int tag, uint flags, long exptime, ulong version, StoreCondition condition = StoreCondition.None, ulong expected = 0)
    {
        if (Value.IsShared)
        {
            var line = ReserveChange(replica);
            Request(replica, tag, MemberRequests.StoreLine(line, Key, Value.Length, flags, exptime, version, condition, expected), Value.Share());
            return;
        }

        var target = ReserveChange(replica, Value.Length);
        Request(replica, tag, MemberRequests.Store(target, Key, Value.Span, flags, exptime, version, condition, expected));
    }

    /// <summary>Gives the client its answer, whatever is still under way.</summary>
    protected void Conclude(ReadOnlyMemory<byte> reply)
    {
        RecordMissing();
        _answered = true;
        Finish(reply);
    }

    /// <summary>Gives the client the answer that was written already.</summary>
    protected void Conclude()
    {
        RecordMissing();
        _answered = true;
        Finish();
    }

    /// <summary>Counts a write that is not acknowledged.</summary>
    /// <param name="refusal">What a replica said to it.</param>
    /// <returns>The answer.</returns>
    protected byte[] Failed(byte[]? refusal = null)
    {
        Worker.Metrics.Errors++;
        return refusal ?? (Applied == 0 ? Replies.NoReplica : Replies.NoMajority);
    }

    /// <summary>Finds out which replicas there are, and the primary.</summary>
    /// <returns>Those that are Ready and can be reached.</returns>
    protected ulong Survey()
    {
        var reachable = 0UL;
        for (var i = 0; i < Replicas.Count; i++)
        {
            if (!Replicas.IsReady(i))
            {
                _tally.AddLate(i);
                continue;
            }

            var isReached = Replicas[i].AcceptsRequests;
            _tally.AddReady(i, isReached);
            if (isReached) reachable |= 1UL << i;
        }

        Primary = Replicas.Primary(Key, Hash, excluded: 0);
        return reachable;
    }

    /// <summary>Counts a replica as one that has the change, or that nothing is to be sent to any more because it failed.</summary>
    protected void Mark(int replica, bool applied) => _tally.Mark(replica, applied);

    /// <summary>Takes a version above everything seen so far.</summary>
    protected void RenewVersion() => Version = Worker.Clock.Next();

    /// <summary>Takes another replica for the primary, after the first one failed.</summary>
    protected bool ElectAnother()
    {
        Primary = Replicas.Primary(Key, Hash, _tally.Missing);
        return Primary >= 0;
    }

    /// <summary>Brings the change to these Ready replicas, and then to the late ones.</summary>
    protected void Spread(ulong replicas)
    {
        if (!Worker.Settings.Safeguards.OrderRule) Send(Late, late: true);
        Send(replicas, late: false);
        AnswerIfPossible();
        if (_tally.Pending == 0) Advance();
    }

    /// <summary>Sends to these replicas only, as a round of its own after all others.</summary>
    protected void SpreadLast(ulong replicas)
    {
        _isLate = true;
        Send(replicas, late: false);
        if (_tally.Pending == 0) Advance();
    }

    protected void Settle(int replica, Verdict verdict)
    {
        if (verdict == Verdict.Pending) return;
        _tally.Settle(replica, verdict, Replicas.IsReady(replica));
        GoOn(verdict == Verdict.Failed);
    }

    protected override void OnFailure(int replica, int tag)
    {
        // Several requests of one replica fail one after the other: it is lost with the first.
        if (!_tally.IsPending(replica)) return;
        _tally.Lose(replica);
        GoOn(isMissed: true);
    }

    /// <summary>Ends the operation.</summary>
    protected void Close()
    {
        RecordMissing();
        Replicas.Owner.EndWrite();
    }

    /// <summary>Remembers that a replica did not acknowledge.</summary>
    /// <param name="member">The replica.</param>
    /// <param name="isMadeElsewhere">Whether another one did.</param>
    /// <param name="isOwed">Whether the client is told that the write was made.</param>
    protected virtual void RecordMissed(MemberConnection member, bool isMadeElsewhere, bool isOwed) =>
        member.Health.Miss(Key, MissedVersion, isMadeElsewhere ? Lack : default, isOwed);

    private void GoOn(bool isMissed)
    {
        if (isMissed && _answered) RecordMissing();
        AnswerIfPossible();
        if (_tally.Pending == 0) Advance();
    }

    private void RecordMissing()
    {
        if (!HasMissing || !Worker.Settings.Safeguards.Hints) return;
        var missed = _tally.TakeMissed();
        if (missed == 0) return;
        Worker.Metrics.MissedWrites += BitOperations.PopCount(missed);

        // Whoever is filled from a replica that missed the write may be given what it should have replaced.
        for (var rest = missed | Replicas.FilledFrom(missed); rest != 0; rest &= rest - 1)
            RecordMissed(Replicas[BitOperations.TrailingZeroCount(rest)], Applied != 0, !IsOutvoted);
    }

    private void Send(ulong replicas, bool late)
    {
        for (var rest = replicas; rest != 0; rest &= rest - 1)
        {
            var replica = BitOperations.TrailingZeroCount(rest);
            if (Replicas[replica].AcceptsRequests)
            {
                _tally.Send(replica);
                SendTo(replica, late);
            }
            else
            {
                _tally.Lose(replica);
                if (_answered) RecordMissing();
            }
        }
    }

    private void AnswerIfPossible()
    {
        if (_answered || (Replicas.IsMoving && !(_isLate && _tally.Pending == 0))) return;
        if (_tally.IsSatisfied(Replicas.Owner.Replication.WriteAck, Replicas.Local, Primary, _isLate) && Answer() is { } reply) Conclude(reply);
    }

    private void Advance()
    {
        if (!_isLate)
        {
            _isLate = true;
            if (Applied != 0) Send(Late & ~Applied, late: true);
            if (_tally.Pending != 0) return;
            if (Replicas.IsMoving) AnswerIfPossible();
        }

        if (!OnSettled()) Close();
    }
}
