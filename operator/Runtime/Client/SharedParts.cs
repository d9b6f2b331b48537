using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CacheOperator.Operator.Runtime.Client;

/// <summary>
/// Reads parts of objects that are there again and again into one object each: probes, ports and selectors are the same in thousands of objects,
/// and nobody changes what was read. As with <see cref="SharedStrings"/>, what has not come for a while makes room.
/// </summary>
/// <param name="places">How many different ones are known at a time, at most.</param>
/// <param name="inner">By which one is read that is not known.</param>
internal sealed class SharedParts<T>(int places, JsonSerializerOptions inner) : JsonConverter<T>
    where T : class
{
    private const int LongestKey = 4096;

    /// <summary>Without a lock: who loses a race has a part of its own.</summary>
    private readonly Entry?[] _known = new Entry?[places];

    public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (KeyOf(reader) is not { } key) return JsonSerializer.Deserialize<T>(ref reader, inner);
        ref var place = ref _known[(uint)key.GetHashCode() % places];
        if (Volatile.Read(ref place) is { } known && known.Key == key)
        {
            reader.Skip();
            return known.Part;
        }

        if (JsonSerializer.Deserialize<T>(ref reader, inner) is not { } part) return null;
        Volatile.Write(ref place, new Entry(key, part));
        return part;
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => JsonSerializer.Serialize(writer, value, inner);

    /// <param name="reader">A copy: the caller's stays where it is.</param>
    /// <returns>By which equal parts are told, spaces aside; null for what is too large to be the same twice.</returns>
    private static UInt128? KeyOf(Utf8JsonReader reader)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(LongestKey);
        try
        {
            var length = 0;
            var end = reader.CurrentDepth;
            do
            {
                var text = reader.ValueSpan;
                if (reader.HasValueSequence || length + text.Length + 3 > LongestKey) return null;

                // The length keeps what follows a text apart from the text.
                buffer[length++] = (byte)reader.TokenType;
                buffer[length++] = (byte)text.Length;
                buffer[length++] = (byte)(text.Length >> 8);
                text.CopyTo(buffer.AsSpan(length));
                length += text.Length;
            }
            while ((reader.CurrentDepth > end || reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) && reader.Read());

            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(buffer.AsSpan(0, length), hash);
            return BitConverter.ToUInt128(hash);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private sealed record Entry(UInt128 Key, T Part);
}
