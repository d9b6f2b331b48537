using System.Text.Json;
using CacheOperator.Operator.Runtime.Client;
using k8s;
using k8s.Models;

namespace CacheOperator.Operator.Tests.Runtime.Client;

public sealed class SharedReadingTests
{
    private const string Json = """
        { "metadata": { "name": "a", "labels": { "app.kubernetes.io/name": "memcached", "a\"b": "ä\n", "empty": "" }, "annotations": null },
          "spec": { "containers": [{ "name": "memcached", "image": "memcached:1", "resources": { "limits": { "memory": "1Gi" } },
                                     "readinessProbe": { "tcpSocket": { "port": "memcached" } } }] },
          "status": { "startTime": "2026-01-02T03:04:05Z", "podIP": null } }
        """;

    [Fact]
    public void What_is_read_is_what_the_client_reads() =>
        Assert.Equal(KubernetesJson.Serialize(KubernetesJson.Deserialize<V1Pod>(Json)), KubernetesJson.Serialize(Read()));

    [Fact]
    public void Values_and_names_of_labels_are_the_same_objects_each_time()
    {
        var (one, other) = (Read(), Read());
        Assert.Same(one.Spec.Containers[0].Image, other.Spec.Containers[0].Image);
        Assert.Same(one.Metadata.Labels["app.kubernetes.io/name"], other.Spec.Containers[0].Name);
        Assert.Same(Assert.Single(one.Metadata.Labels.Keys, k => k.StartsWith("app", StringComparison.Ordinal)), Assert.Single(other.Metadata.Labels.Keys, k => k.StartsWith("app", StringComparison.Ordinal)));
    }

    [Fact]
    public void Parts_that_are_equal_are_the_same_objects_whatever_is_around_them()
    {
        var (one, other) = (Read(), Read(Json.Replace("memcached:1", "memcached:2", StringComparison.Ordinal)));
        Assert.NotSame(one.Spec.Containers[0], other.Spec.Containers[0]);
        Assert.Equal("memcached:2", other.Spec.Containers[0].Image);
        Assert.Same(one.Metadata.Labels, other.Metadata.Labels);
        Assert.Same(one.Spec.Containers[0].ReadinessProbe, other.Spec.Containers[0].ReadinessProbe);
        Assert.Same(one.Spec.Containers[0].Resources, other.Spec.Containers[0].Resources);
        Assert.Same(one.Spec.Containers[0], Read().Spec.Containers[0]);
    }

    [Theory]
    [InlineData("""{ "a": "bc" }""", """{ "ab": "c" }""")]
    [InlineData("""{ "a": "1", "b": "2" }""", """{ "a": "1", "b": "3" }""")]
    [InlineData("""{ "a": "1" }""", """{ "a": "1", "b": "2" }""")]
    [InlineData("""{ "a": null }""", """{ "a": "null" }""")]
    [InlineData("""{}""", """{ "a": "" }""")]
    public void Parts_that_differ_are_told_apart(string one, string other)
    {
        foreach (var labels in new[] { one, other, one })
        {
            var pod = Read($$"""{ "metadata": { "name": "a", "labels": {{labels}} } }""");
            Assert.Equal(JsonSerializer.Deserialize<Dictionary<string, string>>(labels), pod.Metadata.Labels);
        }
    }

    [Fact]
    public void What_is_too_long_to_be_there_twice_is_read_as_well()
    {
        var (key, value) = (new string('k', 60), new string('v', 9000));
        Assert.Equal(value, Read($$"""{ "metadata": { "labels": { "{{key}}": "{{value}}" } } }""").Metadata.Labels[key]);
    }

    private static V1Pod Read(string json = Json)
    {
        using var document = JsonDocument.Parse(json);
        return KubernetesJson.Deserialize<V1Pod>(document.RootElement, SharedReading.Options);
    }
}
