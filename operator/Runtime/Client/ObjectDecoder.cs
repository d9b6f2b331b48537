using System.Text.Json;
using k8s;
using k8s.Models;

namespace CacheOperator.Operator.Runtime.Client;

/// <summary>Reads objects out of lists and watches one by one, so that one that does not fit its type spoils nothing else.</summary>
internal static class ObjectDecoder
{
    /// <returns>The object, with apiVersion and kind filled in (lists leave them out); or null and what is wrong with it.</returns>
    public static T? Decode<T>(JsonElement element, ResourceKind kind, out UnreadableObject? problem)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        try
        {
            var item = KubernetesJson.Deserialize<T>(element, SharedReading.Options);
            item.ApiVersion = kind.ApiVersion;
            item.Kind = kind.Kind;
            problem = null;
            return item;
        }
        catch (Exception e) when (e is JsonException or FormatException or NotSupportedException or ArgumentException)
        {
            var metadata = element.GetProperty("metadata");
            var @namespace = Text(metadata, "namespace");
            problem = new UnreadableObject(new ObjectKey(@namespace.Length == 0 ? null : @namespace, Text(metadata, "name")), e.Message);
            return null;
        }
    }

    public static string VersionOf(JsonElement element) => Text(element.GetProperty("metadata"), "resourceVersion");

    public static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";
}
