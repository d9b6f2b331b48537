using System.Text.Json.Nodes;
using CacheOperator.Operator.Runtime.Client;
using k8s;
using k8s.Models;

namespace CacheOperator.Operator.Runtime.Apply;

/// <summary>
/// Changes what can be changed of running pods, which belong to their own controllers. The UID keeps a change off a successor of the same name.
/// </summary>
internal sealed class PodPatcher(ApiClient client)
{
    /// <summary>Whether this very pod still is.</summary>
    public async Task<bool> IsThereAsync(V1Pod pod, CancellationToken cancellationToken) =>
        (await client.GetAsync<V1Pod>(ObjectKey.Of(pod), cancellationToken))?.Metadata.Uid == pod.Metadata.Uid;

    public Task SetLabelAsync(V1Pod pod, string name, string value, CancellationToken cancellationToken)
    {
        var metadata = new JsonObject { ["uid"] = pod.Metadata.Uid, ["labels"] = new JsonObject { [name] = value } };
        return PatchAsync(pod, null, new JsonObject { ["metadata"] = metadata }, cancellationToken);
    }

    /// <summary>Asks for other resources of a container by the subresource <c>resize</c>; its node grants them later, or does not.</summary>
    public Task ResizeAsync(V1Pod pod, string container, V1ResourceRequirements resources, CancellationToken cancellationToken)
    {
        var change = new JsonObject { ["name"] = container, ["resources"] = JsonNode.Parse(KubernetesJson.Serialize(resources)) };
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject { ["uid"] = pod.Metadata.Uid },
            ["spec"] = new JsonObject { ["containers"] = new JsonArray(change) },
        };
        return PatchAsync(pod, "resize", patch, cancellationToken);
    }

    private Task<V1Pod> PatchAsync(V1Pod pod, string? subresource, JsonObject patch, CancellationToken cancellationToken) =>
        client.PatchAsync<V1Pod>(ObjectKey.Of(pod), subresource, PatchFormat.StrategicMerge, patch, ObjectApplier.FieldManager, cancellationToken);
}
