using System.Globalization;
using System.Text;
using CacheOperator.Proxy.Protocol;

namespace CacheOperator.Proxy.Workers;

/// <summary>The answer to the client command <c>stats</c>: the names that memcached uses, for the proxy.</summary>
internal static class StatsReply
{
    /// <param name="arguments">What followed the command.</param>
    /// <param name="statistics">Asked only when needed.</param>
    public static byte[] Write(ReadOnlySpan<byte> arguments, Func<ServerStatistics> statistics)
    {
        var argument = Tokens.NextToken(ref arguments);
        if (argument.SequenceEqual("reset"u8)) return Replies.Reset;
        return argument.IsEmpty ? Write(statistics()) : Replies.Error;
    }

    private static byte[] Write(ServerStatistics statistics)
    {
        var total = statistics.Total;
        var text = new StringBuilder();
        Add("pid", Environment.ProcessId);
        Add("uptime", (long)(statistics.Now - statistics.StartedAt).TotalSeconds);
        Add("time", statistics.Now.ToUnixTimeSeconds());
        text.Append(CultureInfo.InvariantCulture, $"STAT version {ServerStatistics.ProtocolVersion}-cache-proxy-{ServerStatistics.Version}\r\n");
        Add("pointer_size", IntPtr.Size * 8);
        Add("curr_connections", total.Connections);
        Add("total_connections", total.ConnectionsAccepted);
        Add("cmd_get", total.Reads);
        Add("cmd_set", total.Writes);
        Add("get_hits", total.Hits);
        Add("get_misses", total.Reads - total.Hits);
        Add("threads", statistics.Loops);
        text.Append("END\r\n");
        return Encoding.ASCII.GetBytes(text.ToString());

        void Add(string name, long value) => text.Append(CultureInfo.InvariantCulture, $"STAT {name} {value}\r\n");
    }
}
