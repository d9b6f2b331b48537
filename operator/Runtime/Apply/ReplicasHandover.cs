using System.Text.Json;
using System.Text.Json.Nodes;
using CacheOperator.Operator.Runtime.Client;
using CacheOperator.Operator.Runtime.Watching;
using k8s.Models;

namespace CacheOperator.Operator.Runtime.Apply;

/// <summary>
/// Gives up a Deployment's number of replicas to an autoscaler without changing it. A field that its only manager no longer applies is
/// reset to its default, here one replica: so a second manager, which says nothing else, applies the number as it is, before the first
/// stops doing so.
/// </summary>
internal sealed class ReplicasHandover(ApiClient client, ResourceCaches caches)
{
    public const string FieldManager = "cache-operator-handover";

    /// <summary>To be called before <paramref name="desired"/>, which says no number of replicas, is applied.</summary>
    /// <exception cref="ApiException">A conflict: the Deployment has just changed.</exception>
    public async Task ReleaseAsync(V1Deployment desired, CancellationToken cancellationToken)
    {
        var key = ObjectKey.Of(desired);
        if (!IsOutdated(desired, caches.Of<V1Deployment>().Get(key))) return;

        // Managers are not kept in the cache, and the number must be the newest.
        var live = await client.GetAsync<V1Deployment>(key, cancellationToken);
        if (live?.Metadata.ManagedFields?.Any(IsReplicasOfOurs) != true) return;
        var kind = ResourceKind.Of<V1Deployment>();
        var patch = new JsonObject
        {
            ["apiVersion"] = kind.ApiVersion,
            ["kind"] = kind.Kind,
            ["metadata"] = new JsonObject { ["name"] = key.Name, ["uid"] = live.Metadata.Uid, ["resourceVersion"] = live.Metadata.ResourceVersion },
            ["spec"] = new JsonObject { ["replicas"] = live.Spec.Replicas },
        };
        await client.PatchAsync<V1Deployment>(key, null, PatchFormat.Apply, patch, FieldManager, cancellationToken);
    }

    private static bool IsOutdated(V1Deployment desired, V1Deployment? live) =>
        live?.Metadata.Annotations?.TryGetValue(RenderedObject.HashAnnotation, out var applied) == true && applied != RenderedObject.Of(desired).Hash;

    private static bool IsReplicasOfOurs(V1ManagedFieldsEntry entry) =>
        entry is { Manager: ObjectApplier.FieldManager, Operation: "Apply", FieldsV1: JsonElement fields }
        && fields.TryGetProperty("f:spec", out var spec)
        && spec.TryGetProperty("f:replicas", out _);
}
