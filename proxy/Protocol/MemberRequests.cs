namespace CacheOperator.Proxy.Protocol;

/// <summary>
/// Writes the meta commands that the proxy sends to members. A key that clients write in base64 is given as that, followed
/// by a blank and <c>b</c>: so it stands in every command but <c>ms</c>.
/// </summary>
internal static class MemberRequests
{
    /// <summary>Upper bound of what one request takes besides its key and value.</summary>
    public const int Overhead = 128;

    /// <summary>Reads value, flags and version.</summary>
    public static int Get(Span<byte> target, ReadOnlySpan<byte> key)
    {
        var writer = new SpanWriter(target);
        writer.Write("mg "u8);
        writer.Write(key);
        writer.Write(" v f c\r\n"u8);
        return writer.Length;
    }

    /// <summary>Asks for version and size only, and leaves no trace in the member's LRU.</summary>
    public static int Version(Span<byte> target, ReadOnlySpan<byte> key)
    {
        var writer = new SpanWriter(target);
        writer.Write("mg "u8);
        writer.Write(key);
        writer.Write(" c s u\r\n"u8);
        return writer.Length;
    }

    /// <param name="target">Where to.</param>
    /// <param name="key">The key.</param>
    /// <param name="value">Copied behind the command.</param>
    /// <param name="flags">Client flags.</param>
    /// <param name="exptime">As memcached reads it: seconds, Unix time above 30 days, negative for already expired.</param>
    /// <param name="version">The version that the item gets.</param>
    /// <param name="condition">When to store at all.</param>
    /// <param name="expected">The version that the condition speaks of, if it does.</param>
    public static int Store(
        Span<byte> target, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, uint flags, long exptime, ulong version, StoreCondition condition = StoreCondition.None, ulong expected = 0)
    {
        var line = StoreLine(target, key, value.Length, flags, exptime, version, condition, expected);
        var writer = new SpanWriter(target[line..]);
        writer.Write(value);
        writer.Write("\r\n"u8);
        return line + writer.Length;
    }

    /// <summary>The same without the value and the line end behind it.</summary>
    public static int StoreLine(
        Span<byte> target, ReadOnlySpan<byte> key, int valueLength, uint flags, long exptime, ulong version, StoreCondition condition = StoreCondition.None, ulong expected = 0)
    {
        var writer = new SpanWriter(target);
        var isBinary = key is [.., (byte)' ', (byte)'b'];
        writer.Write("ms "u8);
        writer.Write(isBinary ? key[..^2] : key);
        writer.Write((byte)' ');
        writer.Write((ulong)valueLength);
        if (isBinary) writer.Write(" b"u8);
        if (exptime != 0) writer.Write(" T"u8, exptime);

        if (flags != 0) writer.Write(" F"u8, (ulong)flags);

        writer.Write(" E"u8, version);
        switch (condition)
        {
            case StoreCondition.Absent:
                writer.Write(" ME"u8);
                break;
            case StoreCondition.Version:
                writer.Write(" C"u8, expected);
                break;
            case StoreCondition.Appending:
                writer.Write(" MA C"u8, expected);
                break;
            case StoreCondition.Prepending:
                writer.Write(" MP C"u8, expected);
                break;
        }

        writer.Write("\r\n"u8);
        return writer.Length;
    }

    /// <summary>Everything that a copy of the item needs; leaves no trace in the member's LRU.</summary>
    public static int Copy(Span<byte> target, ReadOnlySpan<byte> key)
    {
        var writer = new SpanWriter(target);
        writer.Write("mg "u8);
        writer.Write(key);
        writer.Write(" v f t c u\r\n"u8);
        return writer.Length;
    }

    /// <summary>Counts up or down if the item is of a given version; the reply is the new number.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="key">The key.</param>
    /// <param name="isIncrement">Up, not down.</param>
    /// <param name="delta">By how much.</param>
    /// <param name="exptime">A new expiry, if there is to be one.</param>
    /// <param name="version">The version that the item gets.</param>
    /// <param name="expected">The version that it must have.</param>
    public static int Arithmetic(Span<byte> target, ReadOnlySpan<byte> key, bool isIncrement, ulong delta, int? exptime, ulong version, ulong expected)
    {
        var writer = new SpanWriter(target);
        writer.Write("ma "u8);
        writer.Write(key);
        writer.Write(isIncrement ? " MI D"u8 : " MD D"u8, delta);
        writer.Write(" E"u8, version);
        writer.Write(" C"u8, expected);
        if (exptime is { } seconds) writer.Write(" T"u8, (long)seconds);

        writer.Write(" v t\r\n"u8);
        return writer.Length;
    }

    /// <summary><c>mg</c> with a client's flags, and with <c>c</c> and <c>s</c>, by which a tombstone is known.</summary>
    /// <param name="target">Where to; longer than <see cref="Overhead"/> and key by the length of the flags.</param>
    /// <param name="key">The key.</param>
    /// <param name="tokens">The client's flags.</param>
    /// <param name="changes">Those of <c>T</c>, <c>N</c> and <c>R</c> that are passed on.</param>
    /// <param name="version">The version of an item made by <c>N</c>.</param>
    public static int MetaGet(Span<byte> target, ReadOnlySpan<byte> key, ReadOnlySpan<byte> tokens, ReadOnlySpan<byte> changes, ulong version = 0)
    {
        var writer = new SpanWriter(target);
        writer.Write("mg "u8);
        writer.Write(key);
        bool hasVersion = false, hasSize = false;
        while (Tokens.NextToken(ref tokens) is { IsEmpty: false } token)
        {
            if (!"vfctshlkuC"u8.Contains(token[0]) && !changes.Contains(token[0])) continue;
            hasVersion |= token[0] == 'c';
            hasSize |= token[0] == 's';
            writer.Write((byte)' ');
            writer.Write("TNRC"u8.Contains(token[0]) ? token : token[..1]);
        }

        if (!hasVersion) writer.Write(" c"u8);
        if (!hasSize) writer.Write(" s"u8);
        if (version != 0) writer.Write(" E"u8, version);

        writer.Write("\r\n"u8);
        return writer.Length;
    }

    /// <summary>What a member knows of an item besides its value.</summary>
    public static int Debug(Span<byte> target, ReadOnlySpan<byte> key)
    {
        var writer = new SpanWriter(target);
        writer.Write("me "u8);
        writer.Write(key);
        writer.Write("\r\n"u8);
        return writer.Length;
    }

    /// <summary>Marks the item of a given version as stale, or empties it, or both.</summary>
    public static int Mark(Span<byte> target, ReadOnlySpan<byte> key, in MetaFlags flags, ulong version, ulong expected)
    {
        var writer = new SpanWriter(target);
        writer.Write("md "u8);
        writer.Write(key);
        if (flags.Invalidates) writer.Write(" I"u8);
        if (flags.RemovesValue) writer.Write(" x"u8);
        if (flags.Exptime is { } exptime) writer.Write(" T"u8, (long)exptime);

        writer.Write(" F"u8, (ulong)flags.ClientFlags);
        writer.Write(" E"u8, version);
        writer.Write(" C"u8, expected);
        writer.Write("\r\n"u8);
        return writer.Length;
    }

    /// <summary>Gives the item a new expiry; the reply shows version and size, and the item when it is wanted.</summary>
    public static int Touch(Span<byte> target, ReadOnlySpan<byte> key, long exptime, bool withItem)
    {
        var writer = new SpanWriter(target);
        writer.Write("mg "u8);
        writer.Write(key);
        writer.Write(" T"u8, exptime);
        writer.Write(withItem ? " c s v f\r\n"u8 : " c s\r\n"u8);
        return writer.Length;
    }

    /// <param name="target">Where to.</param>
    /// <param name="delay">Seconds, or a Unix time above 30 days; 0 for at once.</param>
    public static int FlushAll(Span<byte> target, long delay)
    {
        var writer = new SpanWriter(target);
        writer.Write("flush_all "u8, delay);
        writer.Write("\r\n"u8);
        return writer.Length;
    }

    public static int Delete(Span<byte> target, ReadOnlySpan<byte> key)
    {
        var writer = new SpanWriter(target);
        writer.Write("md "u8);
        writer.Write(key);
        writer.Write("\r\n"u8);
        return writer.Length;
    }

    /// <summary>Deletes the item if it is still of this version.</summary>
    public static int Delete(Span<byte> target, ReadOnlySpan<byte> key, ulong version)
    {
        var writer = new SpanWriter(target);
        writer.Write("md "u8);
        writer.Write(key);
        writer.Write(" C"u8, version);
        writer.Write("\r\n"u8);
        return writer.Length;
    }
}
