using System.Text.Json.Nodes;
using CacheOperator.Operator.Runtime.Client;
using CacheOperator.Operator.Runtime.Metrics;
using CacheOperator.Operator.Runtime.Watching;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace CacheOperator.Operator.Runtime.Apply;

/// <summary>
/// The one way by which the operator writes: server-side apply of whole rendered objects, and only of what differs.
/// Live objects are read from the cache of their kind, so apply only kinds that an informer watches
/// (with a label selector, only objects that carry those labels).
/// </summary>
internal sealed partial class ObjectApplier(ApiClient client, ResourceCaches caches, RuntimeMetrics metrics, ILogger<ObjectApplier> logger)
{
    public const string FieldManager = "cache-operator";
    public const string StatusFieldManager = "cache-operator-status";

    private readonly KeptForms _forms = new();

    /// <summary>
    /// Makes the live object carry every field of <paramref name="desired"/>, and drops those it carried by an earlier apply
    /// and no longer has. Fields of others stay. Set only what is meant: null is "not mine". A missing object is created.
    /// </summary>
    /// <exception cref="NotOwnedException">An object of that name exists that the desired object's controller does not own.</exception>
    /// <exception cref="ApiException">The server refused.</exception>
    public async Task<ApplyOutcome> ApplyAsync<T>(T desired, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var kind = ResourceKind.Of<T>();
        var key = ObjectKey.Of(desired);
        var rendered = RenderedObject.Of(desired);

        // Not in the cache: perhaps not there, perhaps not seen yet, perhaps somebody else's without our labels.
        var live = caches.Of<T>().Get(key) ?? await client.GetAsync<T>(key, cancellationToken);
        var outcome = live is null
            ? await CreateAsync<T>(rendered, kind, key, cancellationToken)
            : await ChangeAsync(desired, rendered, live, kind, key, cancellationToken);
        metrics.Applies.WithLabels(kind.Plural, outcome.ToString().ToLowerInvariant()).Inc();
        return outcome;
    }

    /// <summary>
    /// Makes the live status equal to that of <paramref name="desired"/>, whose other fields are not looked at but name and UID.
    /// Nothing is sent when it says the same already.
    /// </summary>
    /// <param name="live">The object as it was read when the status was computed.</param>
    /// <returns>Whether something was sent.</returns>
    public async Task<bool> ApplyStatusAsync<T>(T desired, T live, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var status = StatusOf(desired);
        if (Drift.AreEqual(status, StatusOf(live)))
            return false;
        var kind = ResourceKind.Of<T>();
        var patch = new JsonObject
        {
            ["apiVersion"] = kind.ApiVersion,
            ["kind"] = kind.Kind,

            // The UID keeps the status off a new object of the same name.
            ["metadata"] = new JsonObject { ["name"] = live.Metadata.Name, ["uid"] = live.Metadata.Uid },
            ["status"] = status.DeepClone(),
        };
        await client.PatchAsync<T>(ObjectKey.Of(live), "status", PatchFormat.Apply, patch, StatusFieldManager, cancellationToken);
        return true;
    }

    /// <summary>
    /// Sets one condition of a pod and leaves the kubelet's alone; the transition time moves only when the status flips.
    /// </summary>
    /// <returns>Whether something was sent.</returns>
    public async Task<bool> SetPodConditionAsync(
        V1Pod pod, string type, bool status, string reason, string message, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var value = status ? "True" : "False";
        var old = pod.Status?.Conditions?.FirstOrDefault(condition => condition.Type == type);
        if (old is not null && old.Status == value && old.Reason == reason && (old.Message ?? "") == message)
            return false;
        var since = old?.Status == value ? old.LastTransitionTime : now.UtcDateTime;
        var condition = new V1PodCondition { Type = type, Status = value, Reason = reason, Message = message, LastTransitionTime = since };
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject { ["uid"] = pod.Metadata.Uid },
            ["status"] = new JsonObject { ["conditions"] = new JsonArray(JsonNode.Parse(KubernetesJson.Serialize(condition))) },
        };
        await client.PatchAsync<V1Pod>(ObjectKey.Of(pod), "status", PatchFormat.StrategicMerge, patch, FieldManager, cancellationToken);
        return true;
    }

    /// <summary>Creates an object that must never be overwritten, such as a Secret with a generated key.</summary>
    /// <returns>False when there is one already.</returns>
    public async Task<bool> TryCreateAsync<T>(T desired, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        try
        {
            await client.CreateAsync(desired, cancellationToken);
            LogCreated(ResourceKind.Of<T>(), ObjectKey.Of(desired));
            return true;
        }
        catch (ApiException e) when (e.Reason == "AlreadyExists")
        {
            return false;
        }
    }

    /// <summary>Deletes exactly the object that was looked at: same UID and same version, or nothing happens.</summary>
    /// <param name="gracePeriod">Zero removes a pod at once without asking its node; null leaves it to the object.</param>
    public async Task<DeleteOutcome> DeleteAsync<T>(T live, TimeSpan? gracePeriod, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var options = new V1DeleteOptions
        {
            GracePeriodSeconds = (long?)gracePeriod?.TotalSeconds,
            PropagationPolicy = "Background",
            Preconditions = new V1Preconditions { Uid = live.Metadata.Uid, ResourceVersion = live.Metadata.ResourceVersion },
        };
        try
        {
            await client.DeleteAsync<T>(ObjectKey.Of(live), options, cancellationToken);
            LogDeleted(ResourceKind.Of<T>(), ObjectKey.Of(live));
            return DeleteOutcome.Deleted;
        }
        catch (ApiException e) when (e.IsNotFound)
        {
            return DeleteOutcome.Gone;
        }
        catch (ApiException e) when (e.IsConflict)
        {
            return DeleteOutcome.Changed;
        }
    }

    private async Task<ApplyOutcome> CreateAsync<T>(RenderedObject rendered, ResourceKind kind, ObjectKey key, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        await SendAsync<T>(rendered, kind, key, cancellationToken);
        LogCreated(kind, key);
        return ApplyOutcome.Created;
    }

    private async Task<ApplyOutcome> ChangeAsync<T>(
        T desired, RenderedObject rendered, T live, ResourceKind kind, ObjectKey key, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        EnsureOwned(desired, live, kind, key);

        // The hash annotation is rendered too: it differs when a field is not rendered any more.
        if (Drift.Find(rendered.Json, RenderedObject.Describe(live)) is not { } field || _forms.IsBest(key, rendered, live))
            return ApplyOutcome.Unchanged;
        var applied = await SendAsync<T>(rendered, kind, key, cancellationToken);
        if (applied.Metadata.ResourceVersion == live.Metadata.ResourceVersion)
            return ApplyOutcome.Unchanged;
        LogChanged(kind, key, field);
        return ApplyOutcome.Changed;
    }

    private async Task<T> SendAsync<T>(RenderedObject rendered, ResourceKind kind, ObjectKey key, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var applied = await client.PatchAsync<T>(key, null, PatchFormat.Apply, rendered.Json, FieldManager, cancellationToken);
        if (_forms.Remember(key, rendered, applied) is { } dropped) LogNotKept(kind, key, dropped);
        return applied;
    }

    private static void EnsureOwned<T>(T desired, T live, ResourceKind kind, ObjectKey key)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var ours = desired.Metadata.OwnerReferences?.FirstOrDefault(owner => owner.Controller == true);
        var theirs = live.Metadata.OwnerReferences?.FirstOrDefault(owner => owner.Controller == true);
        if (ours is null || ours.Uid == theirs?.Uid)
            return;
        throw new NotOwnedException(kind, key, theirs is null ? "nobody known" : $"{theirs.Kind} {theirs.Name} (UID {theirs.Uid})");
    }

    private static JsonObject StatusOf<T>(T resource)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        RenderedObject.Describe(resource)["status"] as JsonObject ?? [];

    [LoggerMessage(1300, LogLevel.Information, "{Kind} {Key}: created")]
    private partial void LogCreated(ResourceKind kind, ObjectKey key);

    [LoggerMessage(1301, LogLevel.Information, "{Kind} {Key}: applied, because {Field} differs")]
    private partial void LogChanged(ResourceKind kind, ObjectKey key, string field);

    [LoggerMessage(1302, LogLevel.Information, "{Kind} {Key}: deleted")]
    private partial void LogDeleted(ResourceKind kind, ObjectKey key);

    [LoggerMessage(1303, LogLevel.Debug, "{Kind} {Key}: the server does not keep {Field}")]
    private partial void LogNotKept(ResourceKind kind, ObjectKey key, string field);
}
