using System.Buffers;
using System.Buffers.Text;

namespace CacheOperator.Proxy.WarmUp;

/// <summary>How a key of any bytes is written in a meta command.</summary>
internal static class KeyText
{
    /// <summary>memcached's limit on a key as it stands in a command.</summary>
    public const int MaxLength = 250;

    private static readonly SearchValues<byte> Unspeakable = SearchValues.Create(" \r\n\0"u8);

    /// <summary>Whether the key must travel as base64.</summary>
    public static bool NeedsBase64(ReadOnlySpan<byte> key) => key.ContainsAny(Unspeakable);

    /// <summary>Whether any command can name the key: the binary protocol could store some that are too long as base64.</summary>
    public static bool CanBeNamed(ReadOnlySpan<byte> key) =>
        key.Length is > 0 and <= MaxLength && (!NeedsBase64(key) || Base64.GetMaxEncodedToUtf8Length(key.Length) <= MaxLength);

    /// <summary>Writes the key as a command names it; returns the length.</summary>
    public static int Write(ReadOnlySpan<byte> key, bool base64, Span<byte> destination)
    {
        if (!base64)
        {
            key.CopyTo(destination);
            return key.Length;
        }

        Base64.EncodeToUtf8(key, destination, out _, out var written);
        return written;
    }
}
