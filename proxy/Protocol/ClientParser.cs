namespace CacheOperator.Proxy.Protocol;

/// <summary>
/// Reads memcached's text commands from a span that may end anywhere. Pure: the same input gives the same
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
        var newline = input.IndexOfAny((byte)'\n', (byte)0);
        var hasZero = newline >= 0 && input[newline] == 0;
        if (hasZero) newline = input.IndexOf((byte)'\n');
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
        var isComplete = verb switch
        {
            _ when MetaParser.IsMeta(verb) => MetaParser.TryParse(verb, input, rest, maxValueLength, ref command, ref consumed, out needed),
            _ when verb.SequenceEqual("get"u8) => Retrieval(CommandKind.Get, rest, ref command),
            _ when verb.SequenceEqual("gets"u8) => Retrieval(CommandKind.Gets, rest, ref command),
            _ when verb.SequenceEqual("set"u8) => Storage(CommandKind.Set, input, rest, maxValueLength, ref command, ref consumed, out needed),
            _ when verb.SequenceEqual("add"u8) => Storage(CommandKind.Add, input, rest, maxValueLength, ref command, ref consumed, out needed),
            _ when verb.SequenceEqual("cas"u8) => Storage(CommandKind.Cas, input, rest, maxValueLength, ref command, ref consumed, out needed),
            _ when verb.SequenceEqual("replace"u8) => Storage(CommandKind.Replace, input, rest, maxValueLength, ref command, ref consumed, out needed),
            _ when verb.SequenceEqual("append"u8) => Storage(CommandKind.Append, input, rest, maxValueLength, ref command, ref consumed, out needed),
            _ when verb.SequenceEqual("prepend"u8) => Storage(CommandKind.Prepend, input, rest, maxValueLength, ref command, ref consumed, out needed),
            _ when verb.SequenceEqual("delete"u8) => Delete(rest, ref command),
            _ when verb.SequenceEqual("incr"u8) => Arithmetic(CommandKind.Increment, rest, ref command),
            _ when verb.SequenceEqual("decr"u8) => Arithmetic(CommandKind.Decrement, rest, ref command),
            _ when verb.SequenceEqual("touch"u8) => Touch(rest, ref command),
            _ when verb.SequenceEqual("gat"u8) => TouchingRetrieval(CommandKind.GetAndTouch, rest, ref command),
            _ when verb.SequenceEqual("gats"u8) => TouchingRetrieval(CommandKind.GetsAndTouch, rest, ref command),
            _ when verb.SequenceEqual("flush_all"u8) => FlushAll(rest, ref command),
            _ when verb.SequenceEqual("verbosity"u8) => Verbosity(rest, ref command),
            _ when verb.SequenceEqual("stats"u8) => Plain(CommandKind.Stats, rest, ref command),
            _ when verb.SequenceEqual("version"u8) => Plain(CommandKind.Version, default, ref command),
            _ when verb.SequenceEqual("quit"u8) => Plain(CommandKind.Quit, default, ref command),
            _ => Unknown(rest, ref command),
        };
        return isComplete && (!hasZero || RefuseZero(ref command));
    }

    // A member may take a zero byte for the end of the line, and what follows for other commands: it would answer them.
    private static bool RefuseZero(ref ClientCommand command) =>
        command.Kind is CommandKind.Rejected or CommandKind.Hostile || Answer(Replies.BadFormat, ref command);

    private static bool Plain(CommandKind kind, ReadOnlySpan<byte> arguments, ref ClientCommand command)
    {
        command.Kind = kind;
        command.Key = arguments;
        return true;
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

    // EXPTIME KEY...
    private static bool TouchingRetrieval(CommandKind kind, ReadOnlySpan<byte> rest, ref ClientCommand command)
    {
        var exptime = Tokens.NextToken(ref rest);
        var isNumber = Tokens.TryParse(exptime, out int seconds);
        if (!isNumber && rest.ContainsAnyExcept((byte)' ')) return Answer(Replies.BadExptime, ref command);
        command.Exptime = seconds;
        return Retrieval(kind, rest, ref command);
    }

    // KEY FLAGS EXPTIME LENGTH [TOKEN for cas] [noreply], then the value and a line end.
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
        if (kind == CommandKind.Cas && !Tokens.TryParse(Tokens.NextToken(ref rest), out command.Number)) key = default;
        if (key.Length is 0 or > MaxKeyLength || !Tokens.TryParse(flags, out ulong wideFlags) || wideFlags > long.MaxValue || !Tokens.TryParse(exptime, out command.Exptime))
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

    private static bool Arithmetic(CommandKind kind, ReadOnlySpan<byte> rest, ref ClientCommand command)
    {
        command.NoReply = EndsWithNoReply(rest);
        command.Key = Tokens.NextToken(ref rest);
        var delta = Tokens.NextToken(ref rest);
        if (delta.IsEmpty || command.Key.Length > MaxKeyLength) return Answer(Replies.BadFormat, ref command);
        if (!Tokens.TryParse(delta, out command.Number)) return Answer(Replies.BadDelta, ref command);
        command.Kind = kind;
        return true;
    }

    private static bool Touch(ReadOnlySpan<byte> rest, ref ClientCommand command)
    {
        command.NoReply = EndsWithNoReply(rest);
        command.Key = Tokens.NextToken(ref rest);
        var exptime = Tokens.NextToken(ref rest);
        if (exptime.IsEmpty || command.Key.Length > MaxKeyLength) return Answer(Replies.BadFormat, ref command);
        if (!Tokens.TryParse(exptime, out command.Exptime)) return Answer(Replies.BadExptime, ref command);
        command.Kind = CommandKind.Touch;
        return true;
    }

    // [DELAY] [noreply]
    private static bool FlushAll(ReadOnlySpan<byte> rest, ref ClientCommand command)
    {
        command.NoReply = EndsWithNoReply(rest);
        var delay = Tokens.NextToken(ref rest);
        var hasDelay = !delay.IsEmpty && !(command.NoReply && !rest.ContainsAnyExcept((byte)' '));
        if (hasDelay && !Tokens.TryParse(delay, out command.Exptime)) return Answer(Replies.BadExptime, ref command);
        command.Kind = CommandKind.FlushAll;
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
