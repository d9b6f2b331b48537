using System.Text.Json;

namespace CacheOperator.Topology;

/// <summary>Reads and writes the documents. Unknown fields are ignored, so that a newer operator can add some.</summary>
public static class TopologyJson
{
    public static byte[] Write(TopologyDocument document) =>
        JsonSerializer.SerializeToUtf8Bytes(document, TopologyJsonContext.Default.TopologyDocument);

    public static byte[] Write(ProxyStatus status) =>
        JsonSerializer.SerializeToUtf8Bytes(status, TopologyJsonContext.Default.ProxyStatus);

    /// <exception cref="TopologyException">Not JSON, not of this shape, or not valid; the message names every fault.</exception>
    public static TopologyDocument ReadTopology(ReadOnlySpan<byte> json)
    {
        TopologyDocument document;
        try
        {
            document = JsonSerializer.Deserialize(json, TopologyJsonContext.Default.TopologyDocument)
                ?? throw new TopologyException("The topology document is empty.");
        }
        catch (JsonException e)
        {
            throw new TopologyException($"The topology document is not valid JSON of the expected shape: {e.Message}", e);
        }

        var errors = TopologyValidator.Validate(document);
        return errors.Count == 0
            ? document
            : throw new TopologyException($"The topology document has {errors.Count} fault(s): {string.Join("; ", errors)}");
    }

    /// <exception cref="TopologyException">Not JSON, or not of this shape.</exception>
    public static ProxyStatus ReadStatus(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, TopologyJsonContext.Default.ProxyStatus)
                ?? throw new TopologyException("The proxy's status is empty.");
        }
        catch (JsonException e)
        {
            throw new TopologyException($"The proxy's status is not valid JSON of the expected shape: {e.Message}", e);
        }
    }

    /// <summary>Whether two documents say the same, generations aside.</summary>
    public static bool SameContent(TopologyDocument left, TopologyDocument right) =>
        Write(left with { Generation = 0 }).AsSpan().SequenceEqual(Write(right with { Generation = 0 }));
}
