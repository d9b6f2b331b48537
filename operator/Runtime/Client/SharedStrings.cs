using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CacheOperator.Operator.Runtime.Client;

/// <summary>
/// Reads strings that come again and again into one object each: most of what is kept of thousands of objects are the same names, labels and
/// templates. What has not come for a while makes room, so that names that are there once do not stay.
/// </summary>
internal sealed class SharedStrings : JsonConverter<string>
{
    private const int Places = 8192;

    /// <summary>What is longer is hardly there twice.</summary>
    private const int Longest = 256;

    /// <summary>Without a lock: who loses a race has a string of its own.</summary>
    private readonly string?[] _known = new string?[Places];

    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Null ? null : Share(ref reader);

    public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Share(ref reader);

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

    private string Share(ref Utf8JsonReader reader)
    {
        if (reader.HasValueSequence || reader.ValueIsEscaped || reader.ValueSpan.Length > Longest) return reader.GetString()!;
        var hash = default(HashCode);
        hash.AddBytes(reader.ValueSpan);
        ref var place = ref _known[(uint)hash.ToHashCode() % Places];
        if (Volatile.Read(ref place) is { } known && Ascii.Equals(reader.ValueSpan, known)) return known;
        var text = reader.GetString()!;
        Volatile.Write(ref place, text);
        return text;
    }
}
