using CacheOperator.Operator.Api;
using CacheOperator.Operator.Resources;
using k8s.Models;

namespace CacheOperator.Operator.Observing;

/// <summary>A pod of a cache with what has to be dug out of its status.</summary>
internal sealed record ObservedPod(V1Pod Pod)
{
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

    /// <summary>Leaves what is looked at here: there are many pods, and most of each is what its containers are made of.</summary>
    public static void Trim(V1Pod pod)
    {
        pod.Metadata.Annotations = null;
        pod.Metadata.OwnerReferences = null;
        pod.Spec = new V1PodSpec { NodeName = pod.Spec?.NodeName, Containers = [] };
        if (pod.Status is not { } status) return;
        pod.Status = new V1PodStatus
        {
            Phase = status.Phase,
            PodIP = status.PodIP,
            Conditions = status.Conditions,
            ContainerStatuses = [.. status.ContainerStatuses?.Select(c => new V1ContainerStatus { Name = c.Name, State = c.State }) ?? []],
        };
    }

    public V1PodCondition? WarmCondition => Condition(ApiGroup.WarmCondition);

    public V1PodCondition? Condition(string type) => Pod.Status?.Conditions?.FirstOrDefault(c => c.Type == type);
}
