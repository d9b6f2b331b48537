namespace CacheOperator.Proxy.Protocol;

/// <summary>
/// Reads memcached's classic text commands from a span that may end anywhere. Pure: the same input gives the same
/// answer, and a command is only given once all of it, value included, is there.
/// </summary>
/// <remarks>
/// What is malformed is answered as by memcached 1.6.45, whose parser was rewritten. Older ones say ERROR to some of it,
/// and take the value of a refused store for commands.
/// </remarks>
internal static class ClientParser
{
    public const int MaxKeyLength = 250;

    /// <summary>Longest command line; memcached closes the connection of whoever sends more without a newline.</summary>
    public const int MaxLineLength = 2048;

    /// <summary>Longest line of a retrieval command with many keys.</summary>
    public const int MaxKeyListLength = 1 << 20;

    /// <param name="input">What was received and not consumed so far.</param>
    /// <param name="maxValueLength">Larger values are skipped and refused.</param>
    /// <param name="command">The command, when one is complete.</param>
    /// <param name="consumed">How many bytes it took.</param>
    /// <param name="needed">When none is complete: the length of input that can complete it; 0 when unknown.</param>
    /// <returns>Whether a command is complete.</returns>
    public static bool TryParse(ReadOnlySpan<byte> input, int maxValueLength, out ClientCommand command, out int consumed, out int needed)
    {
        command = default;
        consumed = needed = 0;
        var newline = input.IndexOf((byte)'\n');
        if (newline < 0) return IsTooLong(input) && Reject(CommandKind.Hostile, ref command, input.Length, out consumed);

        var line = input[..newline];
        consumed = newline + 1;
        if (line is [.., (byte)'\r']) line = line[..^1];

        // memcached does not look at lines shorter than four bytes with their end.
        if (consumed < 4) return Answer(Replies.BadFormat, ref command);

        var rest = line;
        var space = line.IndexOf((byte)' ');
        var verb = space < 0 ? line : line[..space];
        rest = line[verb.Length..];
        switch (verb.Length)
        {
            case 3 when verb.SequenceEqual("get"u8):
                return Retrieval(CommandKind.Get, rest, ref command);
            case 3 when verb.SequenceEqual("set"u8):
                return Storage(CommandKind.Set, input, rest, maxValueLength, ref command, ref consumed, out needed);
            case 3 when verb.SequenceEqual("add"u8):
                return Storage(CommandKind.Add, input, rest, maxValueLength, ref command, ref consumed, out needed);
            case 4 when verb.SequenceEqual("gets"u8):
                return Retrieval(CommandKind.Gets, rest, ref command);
            case 4 when verb.SequenceEqual("quit"u8):
                command.Kind = CommandKind.Quit;
                return true;
            case 5 when verb.SequenceEqual("stats"u8):
                command.Kind = CommandKind.Stats;
                command.Key = rest;
                return true;
            case 6 when verb.SequenceEqual("delete"u8):
                return Delete(rest, ref command);
            case 7 when verb.SequenceEqual("version"u8):
                command.Kind = CommandKind.Version;
                return true;
            case 9 when verb.SequenceEqual("verbosity"u8):
                return Verbosity(rest, ref command);
            default:
                return Unknown(rest, ref command);
        }
    }

    private static bool Retrieval(CommandKind kind, ReadOnlySpan<byte> keys, ref ClientCommand command)
    {
        var any = false;
        foreach (var key in new KeyList(keys))
        {
            any = true;
            if (key.Length > MaxKeyLength) return Answer(Replies.BadFormat, ref command);
        }

        if (!any) return Answer(Replies.BadFormat, ref command);
        command.Kind = kind;
        command.Key = keys;
        return true;
    }

    // KEY FLAGS EXPTIME LENGTH [noreply], then the value and a line end.
    private static bool Storage(
        CommandKind kind, ReadOnlySpan<byte> input, ReadOnlySpan<byte> rest, int maxValueLength, ref ClientCommand command, ref int consumed, out int needed)
    {
        needed = 0;
        var key = Tokens.NextToken(ref rest);
        var flags = Tokens.NextToken(ref rest);
        var exptime = Tokens.NextToken(ref rest);
        var length = Tokens.NextToken(ref rest);
        if (length.IsEmpty || !Tokens.TryParse(length, out int valueLength) || valueLength is < 0 or > int.MaxValue - 2)
            return Answer(Replies.BadFormat, ref command);

        command.NoReply = EndsWithNoReply(rest);
        if (key.Length > MaxKeyLength || !Tokens.TryParse(flags, out ulong wideFlags) || wideFlags > long.MaxValue || !Tokens.TryParse(exptime, out command.Exptime))
        {
            command.Swallow = valueLength + 2L;
            return Answer(Replies.BadFormat, ref command);
        }

        command.Key = key;
        command.Flags = (uint)wideFlags;
        if (valueLength > maxValueLength)
        {
            command.Swallow = valueLength + 2L;
            if (kind != CommandKind.Set) return Answer(Replies.TooLarge, ref command);
            command.Kind = CommandKind.TooLarge;
            return true;
        }

        var total = consumed + valueLength + 2;
        if (input.Length < total)
        {
            needed = total;
            return false;
        }

        var data = input[consumed..total];
        consumed = total;
        if (!data.EndsWith("\r\n"u8)) return Answer(Replies.BadDataChunk, ref command);
        command.Kind = kind;
        command.Value = data[..valueLength];
        return true;
    }

    private static bool Delete(ReadOnlySpan<byte> rest, ref ClientCommand command)
    {
        command.NoReply = EndsWithNoReply(rest);
        var key = Tokens.NextToken(ref rest);
        if (key.IsEmpty) return Answer(Replies.BadFormat, ref command);
        if (key.Length > MaxKeyLength) return Answer(Replies.BadFormat, ref command);
        command.Kind = CommandKind.Delete;
        command.Key = key;
        return true;
    }

    private static bool Verbosity(ReadOnlySpan<byte> rest, ref ClientCommand command)
    {
        command.NoReply = EndsWithNoReply(rest);
        if (!Tokens.TryParse(Tokens.NextToken(ref rest), out uint _)) return Answer(Replies.BadFormat, ref command);
        command.Kind = CommandKind.Verbosity;
        return true;
    }

    private static bool Unknown(ReadOnlySpan<byte> rest, ref ClientCommand command)
    {
        var last = LastToken(rest);
        if (last.StartsWith("HTTP/"u8)) return Reject(CommandKind.Hostile, ref command, 0, out _);
        command.NoReply = last.SequenceEqual("noreply"u8);
        return Answer(Replies.Error, ref command);
    }

    private static bool IsTooLong(ReadOnlySpan<byte> input)
    {
        if (input.Length <= MaxLineLength) return false;
        var start = input.TrimStart((byte)' ');
        return input.Length > MaxKeyListLength || !(start.StartsWith("get "u8) || start.StartsWith("gets "u8));
    }

    private static bool EndsWithNoReply(ReadOnlySpan<byte> rest) => LastToken(rest).SequenceEqual("noreply"u8);

    private static ReadOnlySpan<byte> LastToken(ReadOnlySpan<byte> rest)
    {
        rest = rest.TrimEnd((byte)' ');
        return rest[(rest.LastIndexOf((byte)' ') + 1)..];
    }

    private static bool Answer(byte[] reply, ref ClientCommand command)
    {
        command.Kind = CommandKind.Rejected;
        command.Reply = reply;
        return true;
    }

    private static bool Reject(CommandKind kind, ref ClientCommand command, int length, out int consumed)
    {
        command.Kind = kind;
        consumed = length;
        return true;
    }
}
