namespace CacheOperator.Proxy.Protocol;

/// <summary>The classic answer to a retrieval: <c>VALUE key flags length [version]</c> and the value.</summary>
internal static class ValueLine
{
    /// <summary>Upper bound of what it takes besides key and value: "VALUE ", three numbers, spaces and line ends.</summary>
    public const int Overhead = 80;

    /// <summary>Upper bound of what <see cref="Copy"/> writes.</summary>
    public static int Length(in MemberReply item) => item.Line.Length + item.Value.Length + 4;

    /// <summary>Passes on an <see cref="ReplyKind.Item"/>, whose line is the same but for the version.</summary>
    public static int Copy(Span<byte> target, in MemberReply item, bool withVersion)
    {
        var writer = new SpanWriter(target);
        writer.Write(withVersion ? item.Line : item.Head);
        writer.Write("\r\n"u8);
        writer.Write(item.Value);
        writer.Write("\r\n"u8);
        return writer.Length;
    }

    public static int Write(Span<byte> target, ReadOnlySpan<byte> key, in MemberReply item, bool withVersion)
    {
        var writer = new SpanWriter(target);
        writer.Write("VALUE "u8);
        writer.Write(key);
        writer.Write((byte)' ');
        writer.Write((ulong)item.Flags);
        writer.Write((byte)' ');
        writer.Write((ulong)item.Value.Length);
        if (withVersion)
        {
            writer.Write((byte)' ');
            writer.Write(item.Version);
        }

        writer.Write("\r\n"u8);
        writer.Write(item.Value);
        writer.Write("\r\n"u8);
        return writer.Length;
    }
}
