using System.Text.Json.Serialization;

namespace CacheOperator.Operator.Tests.Runtime.Hosting;

public sealed class WidgetStatus
{
    [JsonPropertyName("size")]
    public int Size { get; set; }
}
