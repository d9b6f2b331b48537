using System.Buffers.Text;

namespace CacheOperator.Proxy.WarmUp;

/// <summary>One line of <c>lru_crawler metadump</c>.</summary>
/// <param name="key">The key's own bytes.</param>
/// <param name="expiry">Unix seconds by the member's clock; 0 for never.</param>
/// <param name="lastAccess">Unix seconds by the member's clock; memcached moves it at most once a minute.</param>
/// <param name="version">The CAS value.</param>
/// <param name="size">Bytes of the item with its header.</param>
internal readonly ref struct DumpEntry(ReadOnlySpan<byte> key, long expiry, long lastAccess, ulong version, int size)
{
    public ReadOnlySpan<byte> Key { get; } = key;

    public long Expiry { get; } = expiry;

    public long LastAccess { get; } = lastAccess;

    public ulong Version { get; } = version;

    public int Size { get; } = size;

    /// <summary>Reads <c>key=%41 exp=-1 la=1 cas=2 fetch=no cls=1 size=64 ...</c>; decodes the key in place. False when it is no such line.</summary>
    public static bool TryParse(Span<byte> line, out DumpEntry entry)
    {
        entry = default;
        if (!line.StartsWith("key="u8))
            return false;
        line = line[4..];
        var space = line.IndexOf((byte)' ');
        if (space < 0)
            return false;
        long expiry = 0, lastAccess = 0, size = 0;
        ulong version = 0;
        ReadOnlySpan<byte> rest = line[(space + 1)..];
        while (rest.Length > 0)
        {
            var parsed = rest[0] switch
            {
                (byte)'e' when rest.StartsWith("exp="u8) => AsciiNumber.TryParse(rest[4..], out expiry),
                (byte)'l' when rest.StartsWith("la="u8) => AsciiNumber.TryParse(rest[3..], out lastAccess),
                (byte)'c' when rest.StartsWith("cas="u8) => AsciiNumber.TryParse(rest[4..], out version, out _),
                (byte)'s' when rest.StartsWith("size="u8) => AsciiNumber.TryParse(rest[5..], out size),
                _ => true,
            };
            if (!parsed)
                return false;
            var end = rest.IndexOf((byte)' ');
            rest = end < 0 ? default : rest[(end + 1)..];
        }

        if (!TryDecode(line[..space], out var length))
            return false;
        entry = new DumpEntry(line[..length], Math.Max(expiry, 0), lastAccess, version, (int)Math.Clamp(size, 0, int.MaxValue));
        return true;
    }

    private static bool TryDecode(Span<byte> text, out int length)
    {
        length = text.IndexOf((byte)'%');
        if (length < 0)
        {
            length = text.Length;
            return true;
        }

        for (var i = length; i < text.Length; i++)
        {
            var decoded = text[i];
            if (decoded == '%')
            {
                if (i + 2 >= text.Length || !Utf8Parser.TryParse(text.Slice(i + 1, 2), out decoded, out var digits, 'x') || digits != 2)
                    return false;
                i += 2;
            }

            text[length++] = decoded;
        }

        return true;
    }
}
