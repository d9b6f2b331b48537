using System.Text.Json;
using System.Text.Json.Serialization;

namespace CacheOperator.Topology;

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(TopologyDocument))]
[JsonSerializable(typeof(ProxyStatus))]
internal sealed partial class TopologyJsonContext : JsonSerializerContext;
