using System.Text.Json;
using CacheOperator.Operator.Runtime.Client;
using k8s;
using k8s.Models;

namespace CacheOperator.Operator.Tests.Runtime.Client;

public sealed class SharedStringsTests
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

    private static V1Pod Read()
    {
        using var document = JsonDocument.Parse(Json);
        return KubernetesJson.Deserialize<V1Pod>(document.RootElement, SharedStrings.Options);
    }
}
