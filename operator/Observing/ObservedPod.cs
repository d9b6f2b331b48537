using CacheOperator.Operator.Api;
using CacheOperator.Operator.Resources;
using k8s.Models;

namespace CacheOperator.Operator.Observing;

/// <summary>A pod of a cache with what has to be dug out of its status.</summary>
internal sealed record ObservedPod(V1Pod Pod)
{
    /// <summary>By which a StatefulSet's controller tells which of its templates a pod is of.</summary>
    public const string RevisionLabel = "controller-revision-hash";

    /// <summary>The revision of a pod that is being given what another template says: it is of none.</summary>
    public const string Growing = "growing";

    /// <summary>By which <c>kubectl rollout restart</c> asks for new pods.</summary>
    public const string RestartAnnotation = "kubectl.kubernetes.io/restartedAt";

    public string Name => Pod.Metadata.Name;

    public string Uid => Pod.Metadata.Uid;

    public string? Node => Pod.Spec?.NodeName;

    public string? Zone => Pod.Metadata.Labels?.TryGetValue(CacheLabels.Zone, out var zone) == true ? zone : null;

    /// <summary>The ordinal at the end of the name; null for a pod that has none.</summary>
    public int? Ordinal => int.TryParse(Name.AsSpan(Name.LastIndexOf('-') + 1), out var ordinal) ? ordinal : null;

    public string? Ip => string.IsNullOrEmpty(Pod.Status?.PodIP) ? null : Pod.Status.PodIP;

    public bool Terminating => Pod.Metadata.DeletionTimestamp is not null;

    public bool Finished => Pod.Status?.Phase is "Failed" or "Succeeded";

    public bool Ready => Condition("Ready")?.Status == "True";

    public bool ContainerRuns => Pod.Status?.ContainerStatuses?.Any(c => c.State?.Running is not null) == true;

    public string? Revision => Pod.Metadata.Labels?.TryGetValue(RevisionLabel, out var revision) == true ? revision : null;

    /// <summary>What memcached's container has, as its node tells; null where nodes do not.</summary>
    public V1ResourceRequirements? ActualResources =>
        Pod.Status?.ContainerStatuses?.FirstOrDefault(c => c.Name == MembersStatefulSet.ContainerName)?.Resources;

    /// <summary>Leaves what is looked at here: there are many pods, and most of each is what its containers are made of.</summary>
    public static void Trim(V1Pod pod)
    {
        pod.Metadata.Annotations = RestartOf(pod.Metadata) is { } restart ? new Dictionary<string, string> { [RestartAnnotation] = restart } : null;
        pod.Metadata.OwnerReferences = null;
        pod.Spec = new V1PodSpec { NodeName = pod.Spec?.NodeName, Containers = [.. pod.Spec?.Containers?.Where(IsMemcached).Select(Trim) ?? []] };
        if (pod.Status is not { } status) return;
        pod.Status = new V1PodStatus
        {
            Phase = status.Phase,
            PodIP = status.PodIP,
            Conditions = status.Conditions,
            ContainerStatuses = [.. status.ContainerStatuses?.Select(Trim) ?? []],
        };
    }

    /// <summary>Which restart a pod, or a template, is of; null when of none.</summary>
    public static string? RestartOf(V1ObjectMeta? metadata) => metadata?.Annotations?.TryGetValue(RestartAnnotation, out var restart) == true ? restart : null;

    private static bool IsMemcached(V1Container container) => container.Name == MembersStatefulSet.ContainerName;

    private static V1Container Trim(V1Container memcached) => new() { Name = memcached.Name, Args = memcached.Args, Resources = memcached.Resources };

    private static V1ContainerStatus Trim(V1ContainerStatus status) =>
        new() { Name = status.Name, State = status.State, Resources = status.Name == MembersStatefulSet.ContainerName ? status.Resources : null };

    public V1PodCondition? WarmCondition => Condition(ApiGroup.WarmCondition);

    public V1PodCondition? Condition(string type) => Pod.Status?.Conditions?.FirstOrDefault(c => c.Type == type);
}
