using System.Buffers.Text;

namespace CacheOperator.Proxy.WarmUp;

/// <summary>What a member's <c>stats</c> say of the process: which one it is, what its clock shows, how much it holds, and how many reads, stores and touches it has counted.</summary>
internal readonly record struct MemberVitals(long Pid, long Time, long Uptime, long Items, long Commands = 0)
{
    public string Incarnation => CacheOperator.Topology.Incarnation.Of(Pid, Time, Uptime);

    /// <summary>Takes in one <c>STAT name value</c> line.</summary>
    public MemberVitals With(ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith("STAT "u8))
            return this;
        line = line[5..];
        var space = line.IndexOf((byte)' ');
        if (space < 0 || !Utf8Parser.TryParse(line[(space + 1)..], out long value, out _))
            return this;
        var name = line[..space];
        if (name.SequenceEqual("pid"u8))
            return this with { Pid = value };
        if (name.SequenceEqual("time"u8))
            return this with { Time = value };
        if (name.SequenceEqual("uptime"u8))
            return this with { Uptime = value };
        if (name.SequenceEqual("cmd_get"u8) || name.SequenceEqual("cmd_set"u8) || name.SequenceEqual("cmd_touch"u8))
            return this with { Commands = Commands + value };
        return name.SequenceEqual("curr_items"u8) ? this with { Items = value } : this;
    }
}
