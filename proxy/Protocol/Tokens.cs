using System.Buffers.Text;

namespace CacheOperator.Proxy.Protocol;

/// <summary>Tokens and numbers as memcached reads them.</summary>
internal static class Tokens
{
    /// <summary>Splits off the next token; empty at the end of the line.</summary>
    public static ReadOnlySpan<byte> NextToken(scoped ref ReadOnlySpan<byte> line)
    {
        var start = line.IndexOfAnyExcept((byte)' ');
        if (start < 0)
        {
            line = default;
            return default;
        }

        line = line[start..];
        var end = line.IndexOf((byte)' ');
        var token = end < 0 ? line : line[..end];
        line = line[token.Length..];
        return token;
    }

    public static bool TryParse(ReadOnlySpan<byte> token, out uint value) =>
        Utf8Parser.TryParse(token, out value, out var used) && used == token.Length && IsDigit(token[0]);

    public static bool TryParse(ReadOnlySpan<byte> token, out ulong value) =>
        Utf8Parser.TryParse(token, out value, out var used) && used == token.Length && IsDigit(token[0]);

    public static bool TryParse(ReadOnlySpan<byte> token, out int value) =>
        Utf8Parser.TryParse(token, out value, out var used) && used == token.Length;

    public static bool TryParse(ReadOnlySpan<byte> token, out long value) =>
        Utf8Parser.TryParse(token, out value, out var used) && used == token.Length;

    private static bool IsDigit(byte b) => b is >= (byte)'0' and <= (byte)'9';
}
