using CacheOperator.Operator.Observing;
using CacheOperator.Operator.Resources;
using k8s.Models;

namespace CacheOperator.Operator.Growth;

/// <summary>Says which memory members have got that were started with less.</summary>
internal static class GrownMemory
{
    /// <param name="pod">The member's pod.</param>
    /// <param name="set">The StatefulSet of its zone.</param>
    /// <param name="canResize">The server changes the resources of running pods.</param>
    /// <returns>MiB that its container may use for items; null: what it was started with, or not known now.</returns>
    public static long? Of(ObservedPod pod, V1StatefulSet? set, bool canResize)
    {
        if (set is null || !GrowthPlanner.IsObserved(set)) return null;
        if (MemberSize.Of(set.Spec.Template.Spec) is not { } size || MemberSize.Of(pod.Pod.Spec) is not { } own || own.MemoryMebibytes >= size.MemoryMebibytes) return null;

        // Others are of another template, and wait for their turn or to be replaced.
        var isOfTemplate = pod.Revision == set.Status.UpdateRevision || (pod.Revision == ObservedPod.Growing && MembersStatefulSet.IsHeld(set));
        return isOfTemplate && MemberGrowth.IsResized(pod, size, canResize) ? size.MemoryMebibytes : null;
    }
}
