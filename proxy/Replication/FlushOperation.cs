using CacheOperator.Proxy.Clients;
using CacheOperator.Proxy.Members;
using CacheOperator.Proxy.Protocol;
using CacheOperator.Proxy.Workers;

namespace CacheOperator.Proxy.Replication;

/// <summary>
/// <c>flush_all</c> of the keys that the same members hold: to every one of those. There is one of these for each such set; the last one gives the
/// client's answer. A member that is not reached has missed a write, as with any other.
/// </summary>
internal sealed class FlushOperation(Worker worker) : WriteOperation(worker)
{
    private int _delay;
    private bool _isLast;
    private bool _failed;

    /// <param name="client">Who asks.</param>
    /// <param name="delay">Seconds, or a Unix time above 30 days; at once when it is not positive.</param>
    /// <param name="replicas">The members.</param>
    /// <param name="isLast">Whether this is the last set.</param>
    public void Prepare(ClientConnection client, int delay, ReplicaSet replicas, bool isLast)
    {
        base.Prepare(client, key: default, hash: 0, replicas, weight: 0);
        (_delay, _isLast, _failed) = (Math.Max(delay, 0), isLast, false);
    }

    protected override void Start()
    {
        var reachable = Survey();
        if (reachable != 0)
        {
            Spread(reachable);
            return;
        }

        Fail();
        Close();
    }

    protected override void SendTo(int replica, bool late) =>
        Request(replica, 0, MemberRequests.FlushAll(Replicas[replica].Reserve(MemberRequests.Overhead), _delay));

    protected override void OnReply(int replica, int tag, in MemberReply reply) =>
        Settle(replica, reply.Kind == ReplyKind.Done ? Verdict.Applied : Verdict.Failed);

    protected override ReadOnlyMemory<byte>? Answer() => Replies.Ok;

    protected override void RecordMissed(MemberConnection member, bool isMadeElsewhere, bool isOwed)
    {
        if (isOwed) member.Health.MissEverything();
    }

    protected override bool OnSettled()
    {
        if (!IsAnswered) Fail();
        return false;
    }

    protected override void WriteAnswer(AnswerStream answers)
    {
        answers.HasFailed |= _failed;
        if (!_isLast) return;
        answers.Send(answers.HasFailed ? Replies.NotFlushed : Replies.Ok);
        answers.HasFailed = false;
    }

    protected override void Recycle() => Worker.Pools.Flushes.Return(this);

    private void Fail()
    {
        Worker.Metrics.Errors++;
        _failed = true;
        Conclude(Replies.NoReplica);
    }
}
