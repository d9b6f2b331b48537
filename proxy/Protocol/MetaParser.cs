using System.Buffers.Text;
using CacheOperator.Topology;

namespace CacheOperator.Proxy.Protocol;

/// <summary>Reads memcached's meta commands. Pure, as <see cref="ClientParser"/>, which it is a part of.</summary>
internal static class MetaParser
{
    /// <summary>Longest opaque, with its <c>O</c>.</summary>
    public const int MaxOpaqueLength = 32;

    private const int MaxTokens = 20;

    /// <summary>Whether a verb is that of a meta command.</summary>
    public static bool IsMeta(ReadOnlySpan<byte> verb) =>
        verb is [(byte)'m', (byte)'g' or (byte)'s' or (byte)'d' or (byte)'a' or (byte)'n' or (byte)'e'];

    /// <param name="verb">One that <see cref="IsMeta"/>.</param>
    /// <param name="input">See <see cref="ClientParser.TryParse"/>.</param>
    /// <param name="rest">The line behind the verb.</param>
    /// <param name="maxValueLength">See <see cref="ClientParser.TryParse"/>.</param>
    /// <param name="command">The command, when one is complete.</param>
    /// <param name="consumed">Length of the line; with the value when the command has one.</param>
    /// <param name="needed">See <see cref="ClientParser.TryParse"/>.</param>
    public static bool TryParse(
        ReadOnlySpan<byte> verb, ReadOnlySpan<byte> input, ReadOnlySpan<byte> rest, int maxValueLength, ref ClientCommand command, ref int consumed, out int needed)
    {
        needed = 0;
        if (verb[1] == 'n') return Reject(CommandKind.MetaNoop, default, ref command);
        command.Key = Tokens.NextToken(ref rest);
        if (command.Key.IsEmpty) return Reject(CommandKind.Rejected, Replies.BadFormat, ref command);
        if (verb[1] == 's') return Set(input, rest, maxValueLength, ref command, ref consumed, out needed);
        if (Flags(verb, rest, ref command) is { } error) return Reject(CommandKind.Rejected, error, ref command);
        command.Kind = verb[1] switch
        {
            (byte)'g' => CommandKind.MetaGet,
            (byte)'d' => CommandKind.MetaDelete,
            (byte)'a' => CommandKind.MetaArithmetic,
            _ => CommandKind.MetaDebug,
        };
        return true;
    }

    private static bool Set(ReadOnlySpan<byte> input, ReadOnlySpan<byte> rest, int maxValueLength, ref ClientCommand command, ref int consumed, out int needed)
    {
        needed = 0;
        var length = Tokens.NextToken(ref rest);
        if (length.IsEmpty || !Tokens.TryParse(length, out int valueLength) || valueLength is < 0 or > int.MaxValue - 2)
            return Reject(CommandKind.Rejected, Replies.BadFormat, ref command);

        var error = Flags("ms"u8, rest, ref command);
        if (error is not null || valueLength > maxValueLength)
        {
            command.Swallow = valueLength + 2L;
            return error is null ? Reject(CommandKind.MetaTooLarge, default, ref command) : Reject(CommandKind.Rejected, error, ref command);
        }

        var total = consumed + valueLength + 2;
        if (input.Length < total)
        {
            needed = total;
            return false;
        }

        var data = input[consumed..total];
        consumed = total;
        if (!data.EndsWith("\r\n"u8)) return Reject(CommandKind.Rejected, Replies.BadDataChunk, ref command);
        command.Kind = CommandKind.MetaSet;
        command.Value = data[..valueLength];
        return true;
    }

    // The error, if there is one.
    private static byte[]? Flags(ReadOnlySpan<byte> verb, ReadOnlySpan<byte> flags, ref ClientCommand command)
    {
        command.Tokens = flags;
        command.Meta.Delta = 1;
        if (command.Key.Length > ClientParser.MaxKeyLength) return Replies.BadFormat;
        UInt128 seen = 0;
        var count = 0;
        byte[]? error = null;
        for (var rest = flags; Tokens.NextToken(ref rest) is { IsEmpty: false } token;)
        {
            var flag = token[0];
            var bit = UInt128.One << (flag & 127);
            if (flag >= 127 || (seen & bit) != 0) return verb[1] == 'a' ? Replies.BadArithmeticFlag : Replies.DuplicateFlag;
            if (++count > MaxTokens - verb.Length) return Replies.TooManyFlags;
            seen |= bit;
            if (!IsKnown(verb[1], flag)) return verb[1] == 'a' ? Replies.BadArithmeticFlag : Replies.InvalidFlag;
            error = Take(flag, token, ref command) ?? error;
        }

        if (error is not null) return verb[1] == 'a' && error != Replies.OpaqueTooLong && error != Replies.Reserved ? Replies.BadArithmeticFlag : error;
        return IsMode(verb[1], command.Meta.Mode) ? null : verb[1] == 's' ? Replies.BadSetMode : Replies.BadArithmeticMode;
    }

    // Versions are the proxy's own (E), and a stale item cannot be brought to another zone with its value (I of ms).
    private static bool IsKnown(byte verb, byte flag) =>
        "bNTRlOPLkstcfvhuqxFCMJDI"u8.Contains(flag) && !(verb == 's' && flag == 'I');

    private static bool IsMode(byte verb, byte mode) => mode == 0 || verb switch
    {
        (byte)'s' => "EAPRS"u8.Contains(mode),
        (byte)'a' => "I+D-"u8.Contains(mode),
        _ => true,
    };

    private static byte[]? Take(byte flag, ReadOnlySpan<byte> token, ref ClientCommand command)
    {
        ref var meta = ref command.Meta;
        var argument = token[1..];
        switch (flag)
        {
            case (byte)'b':
                meta.IsBinaryKey = true;
                return !IsBase64(command.Key) ? Replies.BadBase64 : command.Key.SequenceEqual(ReservedKey.Base64) ? Replies.Reserved : null;
            case (byte)'q':
                meta.IsQuiet = true;
                break;
            case (byte)'v':
                meta.WantsValue = true;
                break;
            case (byte)'I':
                meta.Invalidates = true;
                break;
            case (byte)'x':
                meta.RemovesValue = true;
                break;
            case (byte)'M':
                meta.Mode = argument.IsEmpty ? (byte)' ' : argument[0];
                break;
            case (byte)'O' when token.Length > MaxOpaqueLength:
                return Replies.OpaqueTooLong;
            case (byte)'N':
                meta.Vivifies = true;
                return Number(argument, ref meta.VivifiedExptime);
            case (byte)'R':
                meta.Recaches = true;
                var threshold = 0;
                return Number(argument, ref threshold);
            case (byte)'T':
                var exptime = 0;
                if (Number(argument, ref exptime) is { } error) return error;
                (meta.Exptime, meta.VivifiedExptime) = (exptime, exptime);
                break;
            case (byte)'C':
                if (argument.IsEmpty || !Tokens.TryParse(argument, out ulong version)) return Replies.BadToken;
                meta.Compare = version;
                break;
            case (byte)'F':
                return !argument.IsEmpty && Tokens.TryParse(argument, out meta.ClientFlags) ? null : Replies.BadFormat;
            case (byte)'J':
                return !argument.IsEmpty && Tokens.TryParse(argument, out meta.Initial) ? null : Replies.BadToken;
            case (byte)'D':
                return !argument.IsEmpty && Tokens.TryParse(argument, out meta.Delta) ? null : Replies.BadToken;
        }

        return null;
    }

    private static byte[]? Number(ReadOnlySpan<byte> argument, ref int value) =>
        !argument.IsEmpty && Tokens.TryParse(argument, out value) ? null : Replies.BadToken;

    // Only what a member would give back in the same letters.
    private static bool IsBase64(ReadOnlySpan<byte> key)
    {
        Span<byte> decoded = stackalloc byte[ClientParser.MaxKeyLength];
        Span<byte> encoded = stackalloc byte[ClientParser.MaxKeyLength + 2];
        return Base64.DecodeFromUtf8(key, decoded, out _, out var length) == System.Buffers.OperationStatus.Done
            && length > 0
            && Base64.EncodeToUtf8(decoded[..length], encoded, out _, out var again) == System.Buffers.OperationStatus.Done
            && encoded[..again].SequenceEqual(key);
    }

    private static bool Reject(CommandKind kind, byte[]? reply, ref ClientCommand command)
    {
        command.Kind = kind;
        command.Reply = reply;
        return true;
    }
}
