using System.Text;
using CacheOperator.Proxy.Protocol;
using CacheOperator.Topology;

namespace CacheOperator.Proxy.Members;

/// <summary>Asks a member for its <c>stats</c>: which process it is, and how it is; and for the mark that is no client's.</summary>
internal sealed class StatisticsProbe(MemberConnection connection, MarkProbe mark) : ReplyTarget
{
    private long _pid;
    private long _time;
    private long _uptime;
    private MemberStatistics _statistics = new();

    /// <summary>Whether an answer is outstanding.</summary>
    public bool IsUnderWay { get; private set; }

    public void Send()
    {
        IsUnderWay = true;
        mark.Send();
        (_pid, _time, _uptime, _statistics) = (0, 0, 0, new MemberStatistics());
        "stats\r\n"u8.CopyTo(connection.Reserve(16));
        connection.Commit(this, 0, 0, 7);
    }

    internal override void OnPart(int replica, int tag, in MemberReply reply)
    {
        var rest = reply.Line["STAT ".Length..];
        var name = Tokens.NextToken(ref rest);
        var text = Tokens.NextToken(ref rest);
        _ = Tokens.TryParse(text, out long number);
        if (name.SequenceEqual("pid"u8)) _pid = number;
        else if (name.SequenceEqual("time"u8)) _time = number;
        else if (name.SequenceEqual("uptime"u8)) _uptime = number;
        else if (name.SequenceEqual("version"u8)) _statistics = _statistics with { Version = Encoding.ASCII.GetString(text) };
        else if (name.SequenceEqual("curr_items"u8)) _statistics = _statistics with { CurrItems = number };
        else if (name.SequenceEqual("bytes"u8)) _statistics = _statistics with { Bytes = number };
        else if (name.SequenceEqual("limit_maxbytes"u8)) _statistics = _statistics with { LimitMaxBytes = number };
        else if (name.SequenceEqual("evictions"u8)) _statistics = _statistics with { Evictions = number };
        else if (name.SequenceEqual("get_hits"u8)) _statistics = _statistics with { GetHits = number };
        else if (name.SequenceEqual("get_misses"u8)) _statistics = _statistics with { GetMisses = number };
    }

    internal override void Deliver(int replica, int tag, in MemberReply reply)
    {
        IsUnderWay = false;
        if (reply.Kind != ReplyKind.End || _pid == 0 || _time == 0) throw new ProtocolException("a member does not answer stats as memcached does");
        var isMarked = mark.Size > 0;
        var ofClients = _statistics with { CurrItems = Math.Max(_statistics.CurrItems - (isMarked ? 1 : 0), 0), Bytes = Math.Max(_statistics.Bytes - mark.Size, 0) };
        connection.OnIdentified(Incarnation.Of(_pid, _time, _uptime), ofClients);
        mark.Conclude();
    }

    internal override void Fail(int replica, int tag) => IsUnderWay = false;
}
