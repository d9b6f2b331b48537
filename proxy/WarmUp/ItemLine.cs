namespace CacheOperator.Proxy.WarmUp;

/// <summary>The first line of a reply to <c>mg KEY [v] f t c s u [k]</c>.</summary>
internal readonly ref struct ItemLine
{
    /// <summary>-1 when the reply carries no value.</summary>
    public int ValueLength { get; private init; }

    /// <summary>Bytes of the value, when that was asked for.</summary>
    public long Size { get; private init; }

    public uint ClientFlags { get; private init; }

    /// <summary>Seconds left; -1 for ever.</summary>
    public long TimeToLive { get; private init; }

    public ulong Version { get; private init; }

    /// <summary>The key as the member names it; empty when it was not asked for.</summary>
    public ReadOnlySpan<byte> Key { get; private init; }

    public bool KeyIsBase64 { get; private init; }

    /// <summary>Invalidated by a client: whoever reads it first is to refetch it.</summary>
    public bool Stale { get; private init; }

    /// <summary>This very reply made the reader the one who is to refetch.</summary>
    public bool WonToken { get; private init; }

    /// <summary>False when it is neither an item nor a miss; a miss has no version.</summary>
    public static bool TryParse(ReadOnlySpan<byte> line, out ItemLine item)
    {
        item = new ItemLine { ValueLength = -1 };
        if (line.SequenceEqual("EN"u8) || line.StartsWith("EN "u8)) // It repeats a key that it was asked for.
            return true;
        var valueLength = -1;
        if (line.StartsWith("VA "u8))
        {
            if (!AsciiNumber.TryParse(line[3..], out var length, out var digits) || length > int.MaxValue)
                return false;
            valueLength = (int)length;
            line = line[(3 + digits)..];
        }
        else if (line.StartsWith("HD"u8))
        {
            line = line[2..];
        }
        else
        {
            return false;
        }

        long timeToLive = -1, size = 0;
        ulong version = 0;
        ulong flags = 0;
        bool stale = false, won = false, waiting = false, base64 = false;
        ReadOnlySpan<byte> key = default;
        while (line.Length > 0)
        {
            if (line[0] != ' ')
                return false;
            line = line[1..];
            var end = line.IndexOf((byte)' ');
            var field = end < 0 ? line : line[..end];
            line = end < 0 ? default : line[end..];
            if (field.Length == 0)
                continue;
            var value = field[1..];
            var parsed = true;
            switch (field[0])
            {
                case (byte)'f': parsed = AsciiNumber.TryParse(value, out flags, out _); break;
                case (byte)'t': parsed = AsciiNumber.TryParse(value, out timeToLive); break;
                case (byte)'c': parsed = AsciiNumber.TryParse(value, out version, out _); break;
                case (byte)'s': parsed = AsciiNumber.TryParse(value, out size); break;
                case (byte)'k': key = value; break;
                case (byte)'b': base64 = true; break;
                case (byte)'X': stale = true; break;
                case (byte)'W': won = true; break;
                case (byte)'Z': waiting = true; break;
            }

            if (!parsed)
                return false;
        }

        item = new ItemLine
        {
            ValueLength = valueLength,
            Size = size,
            ClientFlags = (uint)flags,
            TimeToLive = timeToLive,
            Version = version,
            Key = key,
            KeyIsBase64 = base64,
            Stale = stale || won || waiting,
            WonToken = won,
        };
        return true;
    }

    /// <summary>When it expires, in Unix seconds by the clock that shows <paramref name="now"/>; 0 for never.</summary>
    public long ExpiryAt(long now) => TimeToLive < 0 ? 0 : now + TimeToLive;
}
