using System.Buffers.Text;

namespace CacheOperator.WarmUpBenchmarks.Clients;

/// <summary>Requests for the items that <see cref="Members.SourceFill"/> writes, and the only right answer to each.</summary>
internal sealed class ItemText
{
    /// <summary>A hit without its value is shorter than this, and so is a get.</summary>
    private const int Overhead = 128;

    private readonly byte[] _value;
    private readonly byte[] _expected;

    public ItemText(int valueBytes)
    {
        _value = new byte[valueBytes];
        _value.AsSpan().Fill((byte)'v');
        _expected = new byte[valueBytes + Overhead];
    }

    /// <summary>Room for any of the requests.</summary>
    public int MostBytes => _value.Length + Overhead;

    public static int WriteGet(Span<byte> to, int key) => Put(to, Put(to, Put(to, 0, "get key:"u8), key), "\r\n"u8);

    /// <summary>As who has fetched it from the database does; nobody waits for it.</summary>
    public int WriteSet(Span<byte> to, int key)
    {
        var length = Put(to, Put(to, Put(to, 0, "set key:"u8), key), " 0 0 "u8);
        length = Put(to, Put(to, length, _value.Length), " noreply\r\n"u8);
        return Put(to, Put(to, length, _value), "\r\n"u8);
    }

    /// <summary>The answer when the key is there; valid until the next call.</summary>
    public ReadOnlySpan<byte> HitOf(int key)
    {
        var length = Put(_expected, Put(_expected, Put(_expected, 0, "VALUE key:"u8), key), " 0 "u8);
        length = Put(_expected, Put(_expected, length, _value.Length), "\r\n"u8);
        return _expected.AsSpan(0, Put(_expected, Put(_expected, length, _value), "\r\nEND\r\n"u8));
    }

    private static int Put(Span<byte> to, int at, ReadOnlySpan<byte> text)
    {
        text.CopyTo(to[at..]);
        return at + text.Length;
    }

    private static int Put(Span<byte> to, int at, int number)
    {
        Utf8Formatter.TryFormat(number, to[at..], out var digits);
        return at + digits;
    }
}
