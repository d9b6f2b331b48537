using System.Globalization;
using System.Text;
using CacheOperator.Proxy.Protocol;

namespace CacheOperator.Proxy.Workers;

/// <summary>
/// The answer to the client command <c>stats</c>: the names that memcached uses, for the proxy and for one copy of the items.
/// <c>stats reset</c> begins the counters anew, for all clients; metrics go on.
/// </summary>
/// <param name="read">The whole proxy's numbers.</param>
internal sealed class ClientStatistics(Func<ServerStatistics> read)
{
    private volatile WorkerMetrics _start = new();

    /// <param name="arguments">What followed the command.</param>
    public byte[] Reply(ReadOnlySpan<byte> arguments)
    {
        var argument = Tokens.NextToken(ref arguments);
        if (argument.IsEmpty) return Write(read());
        if (!argument.SequenceEqual("reset"u8)) return Replies.Error;
        _start = read().Total;
        return Replies.Reset;
    }

    private byte[] Write(ServerStatistics statistics)
    {
        var (total, start) = (statistics.Total, _start);
        var text = new StringBuilder();
        Add("pid", Environment.ProcessId);
        Add("uptime", (long)(statistics.Now - statistics.StartedAt).TotalSeconds);
        Add("time", statistics.Now.ToUnixTimeSeconds());
        text.Append(CultureInfo.InvariantCulture, $"STAT version {ServerStatistics.ProtocolVersion}\r\n");
        text.Append(CultureInfo.InvariantCulture, $"STAT proxy_version {ServerStatistics.Version}\r\n");
        Add("pointer_size", IntPtr.Size * 8);
        Add("curr_connections", total.Connections);
        Add("total_connections", total.ConnectionsAccepted - start.ConnectionsAccepted);
        Add("rejected_connections", total.ConnectionsRejected - start.ConnectionsRejected);
        Add("connection_structures", total.Connections);
        Add("cmd_get", total.Reads - start.Reads);
        Add("cmd_set", total.Writes - start.Writes);
        Add("cmd_flush", total.Flushes - start.Flushes);
        Add("cmd_touch", total.Touches - start.Touches);
        Add("get_hits", total.Hits - start.Hits);
        Add("get_misses", total.Reads - start.Reads - (total.Hits - start.Hits));
        Add("bytes_read", total.BytesRead - start.BytesRead);
        Add("bytes_written", total.BytesWritten - start.BytesWritten);
        Add("limit_maxbytes", statistics.Copy.LimitMaxBytes);
        Add("threads", statistics.Loops);
        Add("bytes", statistics.Copy.Bytes);
        Add("curr_items", statistics.Copy.CurrItems);
        Add("total_items", total.Writes - start.Writes);
        Add("evictions", statistics.Copy.Evictions);
        text.Append("END\r\n");
        return Encoding.ASCII.GetBytes(text.ToString());

        void Add(string name, long value) => text.Append(CultureInfo.InvariantCulture, $"STAT {name} {value}\r\n");
    }
}
