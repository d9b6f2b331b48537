using System.Text.Json.Serialization;
using k8s;
using k8s.Models;

namespace CacheOperator.Operator.Tests.Runtime.Hosting;

[KubernetesEntity(Group = "test.cacheoperator.dev", ApiVersion = "v1", Kind = "Widget", PluralName = "widgets")]
public sealed class V1Widget : IKubernetesObject<V1ObjectMeta>
{
    [JsonPropertyName("apiVersion")]
    public string ApiVersion { get; set; } = "";

    [JsonPropertyName("kind")]
    public string Kind { get; set; } = "";

    [JsonPropertyName("metadata")]
    public V1ObjectMeta Metadata { get; set; } = new();

    [JsonPropertyName("spec")]
    public WidgetSpec Spec { get; set; } = new();

    [JsonPropertyName("status")]
    public WidgetStatus? Status { get; set; }
}
