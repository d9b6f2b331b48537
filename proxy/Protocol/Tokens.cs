using System.Buffers.Text;

namespace CacheOperator.Proxy.Protocol;

/// <summary>Tokens and numbers as memcached reads them.</summary>
internal static class Tokens
{
    // As many digits as cannot overflow.
    private const int MaxSafeDigits = 19;

    /// <summary>Splits off the next token; empty at the end of the line.</summary>
    public static ReadOnlySpan<byte> NextToken(scoped ref ReadOnlySpan<byte> line)
    {
        SkipSpaces(ref line);
        var end = line.IndexOf((byte)' ');
        var token = end < 0 ? line : line[..end];
        line = line[token.Length..];
        return token;
    }

    /// <summary>Splits off the next token, which has to be a number of digits only.</summary>
    public static bool TryNextNumber(scoped ref ReadOnlySpan<byte> line, out ulong value)
    {
        SkipSpaces(ref line);
        var end = 0;
        value = 0;
        for (; end < line.Length && IsDigit(line[end]); end++) value = (value * 10) + (ulong)(line[end] - '0');
        var isNumber = end is > 0 and <= MaxSafeDigits && (end == line.Length || line[end] == ' ');
        if (!isNumber) return TryParse(NextToken(ref line), out value);
        line = line[end..];
        return true;
    }

    public static bool TryParse(ReadOnlySpan<byte> token, out uint value) =>
        Utf8Parser.TryParse(token, out value, out var used) && used == token.Length && IsDigit(token[0]);

    public static bool TryParse(ReadOnlySpan<byte> token, out ulong value) =>
        Utf8Parser.TryParse(token, out value, out var used) && used == token.Length && IsDigit(token[0]);

    public static bool TryParse(ReadOnlySpan<byte> token, out int value) =>
        Utf8Parser.TryParse(token, out value, out var used) && used == token.Length;

    public static bool TryParse(ReadOnlySpan<byte> token, out long value) =>
        Utf8Parser.TryParse(token, out value, out var used) && used == token.Length;

    // Nearly always there is just one: a loop is quicker than a vectorized search.
    private static void SkipSpaces(scoped ref ReadOnlySpan<byte> line)
    {
        var start = 0;
        while (start < line.Length && line[start] == ' ') start++;
        line = line[start..];
    }

    private static bool IsDigit(byte b) => b is >= (byte)'0' and <= (byte)'9';
}
