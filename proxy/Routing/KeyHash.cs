using System.Buffers;
using System.Buffers.Text;
using System.IO.Hashing;
using System.Text;

namespace CacheOperator.Proxy.Routing;

/// <summary>
/// The hash that decides where a key lives: XXH3, 64 bits, seed 0, over the key's bytes. Frozen: changing it moves
/// every key of every cache.
/// </summary>
internal static class KeyHash
{
    public static ulong Of(ReadOnlySpan<byte> key) => XxHash3.HashToUInt64(key);

    /// <summary>The hash of a key given in base64; one that is not valid is taken as it is.</summary>
    public static ulong OfBase64(ReadOnlySpan<byte> text)
    {
        Span<byte> key = stackalloc byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
        return Base64.DecodeFromUtf8(text, key, out _, out var length) == OperationStatus.Done ? Of(key[..length]) : Of(text);
    }

    /// <summary>The hash of a key as requests to members name it: one in base64 is followed by a blank and <c>b</c>.</summary>
    public static ulong OfRequested(ReadOnlySpan<byte> key) => key is [.. var text, (byte)' ', (byte)'b'] ? OfBase64(text) : Of(key);

    public static ulong Of(string text) => Of(Encoding.UTF8.GetBytes(text));

    /// <summary>Weight of a replica for a key: the replica with the highest one is the key's primary.</summary>
    /// <param name="keyHash"><see cref="Of(ReadOnlySpan{byte})"/> of the key.</param>
    /// <param name="seed">Hash of the replica's name.</param>
    public static ulong Weight(ulong keyHash, ulong seed) => Mix(keyHash ^ seed);

    /// <summary>Spreads a number over all 64 bits: the finalizer of MurmurHash3.</summary>
    public static ulong Mix(ulong number)
    {
        var mixed = number;
        mixed ^= mixed >> 33;
        mixed *= 0xff51afd7ed558ccdUL;
        mixed ^= mixed >> 33;
        mixed *= 0xc4ceb9fe1a85ec53UL;
        return mixed ^ (mixed >> 33);
    }
}
