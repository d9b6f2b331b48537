namespace CacheOperator.Proxy.Protocol;

/// <summary>Reads the replies of a member from a span that may end anywhere. Pure.</summary>
internal static class MemberReplyParser
{
    /// <summary>No reply line is longer; a member that sends one is not a memcached.</summary>
    public const int MaxLineLength = 2048;

    // memcached's own limit of an item is 1 GiB.
    private const int MaxValueLength = 1 << 30;

    /// <param name="input">What was received and not consumed so far.</param>
    /// <param name="reply">The reply, when one is complete.</param>
    /// <param name="consumed">How many bytes it took.</param>
    /// <param name="needed">When none is complete: the length of input that completes it; 0 when unknown.</param>
    /// <returns>Whether a reply is complete.</returns>
    /// <exception cref="ProtocolException">This is no reply of a memcached: the connection is out of step.</exception>
    public static bool TryParse(ReadOnlySpan<byte> input, out MemberReply reply, out int consumed, out int needed)
    {
        reply = default;
        consumed = needed = 0;
        var newline = input.IndexOf((byte)'\n');
        if (newline < 0) return input.Length <= MaxLineLength ? false : throw new ProtocolException("a member sent an endless line");
        consumed = newline + 1;
        var line = input[..newline];
        if (line is [.., (byte)'\r']) line = line[..^1];
        reply.Line = line;
        reply.Kind = Kind(line);
        switch (reply.Kind)
        {
            case ReplyKind.Value:
                return Value(input, line[2..], ref reply, ref consumed, out needed);
            case ReplyKind.Item:
                return Item(input, line["VALUE ".Length..], ref reply, ref consumed, out needed);
            case ReplyKind.Done or ReplyKind.Exists or ReplyKind.NotStored or ReplyKind.NotFound:
                Attributes(line[2..], ref reply);
                return true;
            case ReplyKind.Debug:
                DebugVersion(line, ref reply);
                return true;
            default:
                return true;
        }
    }

    private static bool Value(ReadOnlySpan<byte> input, ReadOnlySpan<byte> rest, ref MemberReply reply, ref int consumed, out int needed)
    {
        if (!TryTakeValue(input, ref rest, ref reply, ref consumed, out needed)) return false;
        Attributes(rest, ref reply);
        return true;
    }

    // VALUE key flags length version
    private static bool Item(ReadOnlySpan<byte> input, ReadOnlySpan<byte> rest, ref MemberReply reply, ref int consumed, out int needed)
    {
        reply.Key = Tokens.NextToken(ref rest);
        _ = Tokens.NextToken(ref rest);
        if (!TryTakeValue(input, ref rest, ref reply, ref consumed, out needed)) return false;
        reply.Head = reply.Line[..^rest.Length];
        if (!Tokens.TryNextNumber(ref rest, out reply.Version)) throw new ProtocolException("a member sent an item without a version");
        return true;
    }

    private static bool TryTakeValue(ReadOnlySpan<byte> input, ref ReadOnlySpan<byte> rest, ref MemberReply reply, ref int consumed, out int needed)
    {
        needed = 0;
        if (!Tokens.TryNextNumber(ref rest, out var number) || number > MaxValueLength) throw new ProtocolException("a member sent a value without a length");
        var length = (int)number;
        var total = consumed + length + 2;
        if (input.Length < total)
        {
            needed = total;
            return false;
        }

        reply.Value = input.Slice(consumed, length);
        if (input[total - 2] != '\r' || input[total - 1] != '\n') throw new ProtocolException("a member's value does not end where it should");
        consumed = total;
        return true;
    }

    private static void Attributes(ReadOnlySpan<byte> rest, ref MemberReply reply)
    {
        while (Tokens.NextToken(ref rest) is { IsEmpty: false } token)
        {
            switch (token[0])
            {
                case (byte)'f':
                    _ = Tokens.TryParse(token[1..], out reply.Flags);
                    break;
                case (byte)'c':
                    _ = Tokens.TryParse(token[1..], out reply.Version);
                    break;
                case (byte)'s':
                    _ = Tokens.TryParse(token[1..], out reply.Size);
                    break;
                case (byte)'t':
                    _ = Tokens.TryParse(token[1..], out reply.TimeToLive);
                    break;
            }
        }
    }

    // ME key exp=.. la=.. cas=.. fetch=.. cls=.. size=..
    private static void DebugVersion(ReadOnlySpan<byte> line, ref MemberReply reply)
    {
        while (Tokens.NextToken(ref line) is { IsEmpty: false } token)
        {
            if (token.StartsWith("cas="u8)) _ = Tokens.TryParse(token["cas=".Length..], out reply.Version);
        }
    }

    private static ReplyKind Kind(ReadOnlySpan<byte> line)
    {
        if (line.Length < 2) throw new ProtocolException("a member sent an empty line");
        var code = (line[0] << 8) | line[1];
        if (line.Length == 2 || line[2] == ' ')
        {
            switch (code)
            {
                case ('H' << 8) | 'D': return ReplyKind.Done;
                case ('O' << 8) | 'K': return ReplyKind.Done;
                case ('V' << 8) | 'A': return ReplyKind.Value;
                case ('E' << 8) | 'N': return ReplyKind.Miss;
                case ('N' << 8) | 'S': return ReplyKind.NotStored;
                case ('E' << 8) | 'X': return ReplyKind.Exists;
                case ('N' << 8) | 'F': return ReplyKind.NotFound;
            }
        }

        if (line.StartsWith("VALUE "u8)) return ReplyKind.Item;
        if (line.StartsWith("ME "u8)) return ReplyKind.Debug;
        if (line.StartsWith("STAT "u8)) return ReplyKind.Stat;
        if (line.SequenceEqual("END"u8)) return ReplyKind.End;
        if (line.StartsWith("SERVER_ERROR"u8) || line.StartsWith("CLIENT_ERROR"u8) || line.StartsWith("ERROR"u8)) return ReplyKind.Error;

        // MEMLIMIT_TOO_SMALL, MEMLIMIT_ADJUST_FAILED: how cache_memlimit alone is refused.
        if (line.StartsWith("MEMLIMIT_"u8)) return ReplyKind.Error;
        throw new ProtocolException("a member sent a line that is no reply");
    }
}
