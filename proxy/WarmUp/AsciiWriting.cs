using System.Buffers;
using System.Buffers.Text;

namespace CacheOperator.Proxy.WarmUp;

/// <summary>Appends what commands are made of.</summary>
internal static class AsciiWriting
{
    private const int LongestNumber = 20;

    public static void Append(this ArrayBufferWriter<byte> writer, ReadOnlySpan<byte> text) => writer.Write(text);

    public static void Append(this ArrayBufferWriter<byte> writer, long number)
    {
        Utf8Formatter.TryFormat(number, writer.GetSpan(LongestNumber), out var written);
        writer.Advance(written);
    }

    public static void Append(this ArrayBufferWriter<byte> writer, ulong number)
    {
        Utf8Formatter.TryFormat(number, writer.GetSpan(LongestNumber), out var written);
        writer.Advance(written);
    }
}
