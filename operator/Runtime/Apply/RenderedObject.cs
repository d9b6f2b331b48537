using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using CacheOperator.Operator.Runtime.Client;
using k8s;
using k8s.Models;

namespace CacheOperator.Operator.Runtime.Apply;

/// <summary>A desired object as it is sent: only the fields that were set, and a hash of them.</summary>
internal sealed class RenderedObject
{
    /// <summary>Annotation that carries the hash of what was last applied: by it a field that is no longer rendered is noticed.</summary>
    public const string HashAnnotation = "cacheoperator.dev/applied-hash";

    private RenderedObject(JsonObject json, string hash)
    {
        Json = json;
        Hash = hash;
    }

    public JsonObject Json { get; }

    public string Hash { get; }

    /// <summary>Renders an object for server-side apply: apiVersion and kind from its type, no status, and the hash annotation.</summary>
    /// <exception cref="ArgumentException">A Secret uses stringData, which the server turns into data: it could never be compared.</exception>
    public static RenderedObject Of<T>(T desired)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        if (desired is V1Secret { StringData: not null })
            throw new ArgumentException("A Secret to apply carries data, not stringData.", nameof(desired));
        var json = Describe(desired);
        json.Remove("status");
        var hash = HashOf(json);
        var metadata = json["metadata"]!.AsObject();
        if (metadata["annotations"] is not JsonObject annotations)
            metadata["annotations"] = annotations = [];
        annotations[HashAnnotation] = hash;
        return new RenderedObject(json, hash);
    }

    /// <summary>Any typed object as the JSON the server sees, apiVersion and kind included.</summary>
    public static JsonObject Describe<T>(T resource)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var kind = ResourceKind.Of<T>();
        var json = JsonNode.Parse(KubernetesJson.Serialize(resource))!.AsObject();
        json["apiVersion"] = kind.ApiVersion;
        json["kind"] = kind.Kind;
        return json;
    }

    private static string HashOf(JsonObject json)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
            WriteSorted(json, writer);
        return Convert.ToHexStringLower(SHA256.HashData(buffer.ToArray()))[..32];
    }

    /// <summary>Property order is an accident of the models' declaration: it must not roll a fleet.</summary>
    private static void WriteSorted(JsonNode? node, Utf8JsonWriter writer)
    {
        switch (node)
        {
            case JsonObject members:
                writer.WriteStartObject();
                foreach (var (name, value) in members.OrderBy(member => member.Key, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(name);
                    WriteSorted(value, writer);
                }

                writer.WriteEndObject();
                break;
            case JsonArray items:
                writer.WriteStartArray();
                foreach (var item in items)
                    WriteSorted(item, writer);
                writer.WriteEndArray();
                break;
            case null:
                writer.WriteNullValue();
                break;
            default:
                node.WriteTo(writer);
                break;
        }
    }
}
