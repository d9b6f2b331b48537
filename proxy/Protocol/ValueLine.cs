namespace CacheOperator.Proxy.Protocol;

/// <summary>The classic answer to a retrieval: <c>VALUE key flags length [version]</c>; the value follows.</summary>
internal static class ValueLine
{
    /// <summary>Upper bound of what it takes besides the key: "VALUE ", three numbers, spaces and line ends.</summary>
    public const int Overhead = 80;

    /// <summary>Passes on the line of an <see cref="ReplyKind.Item"/>, which is the same but for the version.</summary>
    public static int Copy(Span<byte> target, in MemberReply item, bool withVersion)
    {
        var writer = new SpanWriter(target);
        writer.Write(withVersion ? item.Line : item.Head);
        writer.Write("\r\n"u8);
        return writer.Length;
    }

    /// <summary>Writes the line.</summary>
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
        return writer.Length;
    }
}
