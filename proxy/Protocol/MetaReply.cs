namespace CacheOperator.Proxy.Protocol;

/// <summary>Writes the answers to meta commands: a code, and what the command's flags ask for, in their order.</summary>
internal static class MetaReply
{
    // A code, numbers with their letters, the value's length and the line ends.
    private const int Overhead = 128;

    /// <summary>Upper bound of the length of <see cref="WriteItem"/>.</summary>
    public static int ItemLength(ReadOnlySpan<byte> tokens, in MemberReply item) => item.Line.Length + tokens.Length + Overhead;

    /// <summary>The line that <c>mg</c> answers to a hit, made from a member's reply to the same flags and more; its value follows.</summary>
    public static int WriteItem(Span<byte> target, ReadOnlySpan<byte> tokens, in MemberReply item)
    {
        var writer = new SpanWriter(target);
        var attributes = item.Line;
        writer.Write(Tokens.NextToken(ref attributes));
        if (item.Kind == ReplyKind.Value)
        {
            writer.Write((byte)' ');
            writer.Write(Tokens.NextToken(ref attributes));
        }

        while (Tokens.NextToken(ref tokens) is { IsEmpty: false } token)
        {
            if (token[0] == 'O')
            {
                writer.Write((byte)' ');
                writer.Write(token);
            }
            else if ("stcflhk"u8.Contains(token[0]))
            {
                WriteAttribute(ref writer, attributes, token[0]);
            }
        }

        // Stale, taken by another, won.
        for (var rest = attributes; Tokens.NextToken(ref rest) is { IsEmpty: false } attribute;)
        {
            if (attribute is not [(byte)'W' or (byte)'X' or (byte)'Z']) continue;
            writer.Write((byte)' ');
            writer.Write(attribute);
        }

        writer.Write("\r\n"u8);
        return writer.Length;
    }

    /// <summary>Whether a member's reply tells whoever asked that it has won: that stands last.</summary>
    public static bool IsWon(in MemberReply item) => item.Line is [.., (byte)' ', (byte)'W'];

    /// <summary>Upper bound of the length of <see cref="Write"/>.</summary>
    public static int Length(ReadOnlySpan<byte> tokens, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => tokens.Length + key.Length + value.Length + Overhead;

    /// <param name="target">Where to.</param>
    /// <param name="code"><c>HD</c>, <c>NS</c>, ...; for <c>VA</c> the value's length follows.</param>
    /// <param name="tokens">The command's flags.</param>
    /// <param name="key">As requests name it, see <see cref="MemberRequests"/>.</param>
    /// <param name="version">What <c>c</c> shows; null for nothing.</param>
    /// <param name="size">What <c>s</c> shows; null for nothing.</param>
    /// <param name="timeToLive">What <c>t</c> shows; null for nothing.</param>
    /// <param name="value">The value of <c>VA</c>.</param>
    public static int Write(
        Span<byte> target, ReadOnlySpan<byte> code, ReadOnlySpan<byte> tokens, ReadOnlySpan<byte> key, ulong? version, int? size, long? timeToLive, ReadOnlySpan<byte> value)
    {
        var writer = new SpanWriter(target);
        var hasValue = code.SequenceEqual("VA"u8);
        writer.Write(code);
        if (hasValue)
        {
            writer.Write((byte)' ');
            writer.Write((ulong)value.Length);
        }

        while (Tokens.NextToken(ref tokens) is { IsEmpty: false } token)
        {
            switch (token[0])
            {
                case (byte)'O':
                    writer.Write((byte)' ');
                    writer.Write(token);
                    break;
                case (byte)'k':
                    writer.Write(" k"u8);
                    writer.Write(key);
                    break;
                case (byte)'c' when version is { } shown:
                    writer.Write(" c"u8);
                    writer.Write(shown);
                    break;
                case (byte)'s' when size is { } shown:
                    writer.Write(" s"u8);
                    writer.Write((ulong)shown);
                    break;
                case (byte)'t' when timeToLive is { } shown:
                    writer.Write(" t"u8);
                    writer.Write(shown);
                    break;
            }
        }

        writer.Write("\r\n"u8);
        if (hasValue)
        {
            writer.Write(value);
            writer.Write("\r\n"u8);
        }

        return writer.Length;
    }

    // A key in base64 is followed by a b.
    private static void WriteAttribute(ref SpanWriter writer, ReadOnlySpan<byte> attributes, byte letter)
    {
        while (Tokens.NextToken(ref attributes) is { IsEmpty: false } attribute)
        {
            if (attribute[0] != letter) continue;
            writer.Write((byte)' ');
            writer.Write(attribute);
            if (letter == 'k' && Tokens.NextToken(ref attributes) is [(byte)'b']) writer.Write(" b"u8);
            return;
        }
    }
}
