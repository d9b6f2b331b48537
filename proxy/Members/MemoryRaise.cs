using System.Text;
using CacheOperator.Proxy.Protocol;
using CacheOperator.Proxy.Workers;

namespace CacheOperator.Proxy.Members;

/// <summary>
/// Gives a member the memory that the topology names, when it has less: its pod has grown, or its container was started again with the argument it
/// began with. Several proxies may say the same; nobody takes memory away.
/// </summary>
internal sealed class MemoryRaise(MemberConnection connection, WorkerLog log) : ReplyTarget
{
    private const int CommandLength = 64;

    private string _member = "";
    private long _asked;
    private long _refused;

    /// <summary>Whether an answer is outstanding.</summary>
    public bool IsUnderWay { get; private set; }

    /// <param name="mebibytes">What the topology names; null for nothing.</param>
    /// <param name="limit">What the member has, in bytes.</param>
    /// <param name="member">For the log.</param>
    public void RaiseTo(long? mebibytes, long limit, string member)
    {
        if (mebibytes is not { } wanted || limit >> 20 >= wanted || wanted == _refused || IsUnderWay) return;
        IsUnderWay = true;
        (_asked, _member) = (wanted, member);
        var writer = new SpanWriter(connection.Reserve(CommandLength));
        writer.Write("cache_memlimit "u8, (ulong)wanted);
        writer.Write("\r\n"u8);
        connection.Commit(this, 0, 0, writer.Length);
    }

    internal override void Deliver(int replica, int tag, in MemberReply reply)
    {
        IsUnderWay = false;
        if (reply.Kind == ReplyKind.Done)
        {
            log.MemoryRaised(_member, _asked);

            // Whoever waits for it goes by the statistics.
            connection.PollStatistics();
            return;
        }

        // The same process would refuse it every two seconds.
        _refused = _asked;
        log.MemoryRefused(_member, _asked, Encoding.ASCII.GetString(reply.Line));
    }

    /// <summary>The connection is lost: the next process may take what this one refused.</summary>
    public void Forget() => _refused = 0;

    internal override void Fail(int replica, int tag) => IsUnderWay = false;
}
