using CacheOperator.Operator.Observing;
using CacheOperator.Operator.Settings;
using k8s.Models;

namespace CacheOperator.Operator.Growth;

/// <summary>Decides the next step of one member: resources of the pod, then memcached's limit, then it counts as up to date.</summary>
internal static class MemberGrowth
{
    /// <summary>Much longer than any of it takes. A node that knows nothing of resizing never says anything.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>For a node without room: another pod may leave it.</summary>
    public static readonly TimeSpan DeferredPatience = TimeSpan.FromMinutes(5);

    /// <summary>After this a node has looked at what was asked of it.</summary>
    public static readonly TimeSpan SecondLook = TimeSpan.FromSeconds(15);

    private const string Pending = "PodResizePending";
    private const string InProgress = "PodResizeInProgress";

    public static GrowthStep Next(GrowthInput input, ObservedPod pod, MemberSize size, string revision)
    {
        if (Stage(input, pod, size) is not var (stage, waitsFor))
            return new GrowthStep(pod, GrowthAction.Finish, $"has memory for {size.MemoryMebibytes}Mi of items", size, revision);
        var patience = stage switch { GrowthStage.Deferred => DeferredPatience, GrowthStage.Proxies => TimeSpan.MaxValue, _ => Patience };
        var waited = input.Ledger.WaitedFor(pod.Uid, stage, input.Now);
        if (stage == GrowthStage.Resizing && Refusal(pod, waited) is { } why) return new GrowthStep(pod, GrowthAction.GiveUp, $"cannot grow on its node ({why})", size, revision);
        return waited < patience
            ? new GrowthStep(pod, stage == GrowthStage.Asking ? GrowthAction.Resize : GrowthAction.Wait, waitsFor, size, revision)
            : new GrowthStep(pod, GrowthAction.GiveUp, $"{waitsFor} and has done so for {Duration.ForPeople(patience)}", size, revision);
    }

    /// <summary>Whether the pod's container may use as much memory as is wanted.</summary>
    /// <param name="canResize">Where pods cannot be resized, they have what they were made with, and nodes do not say.</param>
    public static bool IsResized(ObservedPod pod, MemberSize size, bool canResize) =>
        MemberSize.Of(pod.Pod.Spec) is { } own && ResourceOrder.Has(own.Resources, size.Resources)
        && (!canResize || ResourceOrder.HasMemory(pod.ActualResources, size.Resources))
        && !new[] { Pending, InProgress }.Any(type => pod.Condition(type) is { Status: "True" } condition && IsCurrent(pod, condition));

    /// <returns>What it waits for; null when it has everything.</returns>
    private static (GrowthStage Stage, string WaitsFor)? Stage(GrowthInput input, ObservedPod pod, MemberSize size)
    {
        if (!pod.ContainerRuns) return (GrowthStage.Running, "waits for its container to run");
        if (pod.Revision != ObservedPod.Growing || MemberSize.Of(pod.Pod.Spec) is not { } own || !ResourceOrder.Has(own.Resources, size.Resources))
            return (GrowthStage.Asking, "is to be given other resources");
        if (pod.Condition(Pending) is { Status: "True", Reason: "Deferred" } deferred && IsCurrent(pod, deferred))
            return (GrowthStage.Deferred, $"waits for room on its node ({Words(deferred)})");
        if (!IsResized(pod, size, input.Context.Capabilities.ResizesPods)) return (GrowthStage.Resizing, "waits for its node to give it other resources");
        if (input.Fleet.Live.Count == 0) return (GrowthStage.Proxies, "waits for a proxy that answers");
        var member = input.Document.Members.FirstOrDefault(m => m.Uid == pod.Uid);
        return member is null || input.Fleet.MemoryLimit(member) >> 20 < size.MemoryMebibytes
            ? (GrowthStage.Raising, $"waits for a proxy to give memcached a limit of {size.MemoryMebibytes}Mi")
            : null;
    }

    /// <param name="pod">The pod.</param>
    /// <param name="waited">Since it was asked: what is said without a generation may be about what was asked before.</param>
    private static string? Refusal(ObservedPod pod, TimeSpan waited) =>
        pod.Condition(Pending) is { Status: "True", Reason: "Infeasible" } refused && IsCurrent(pod, refused) && (refused.ObservedGeneration is not null || waited >= SecondLook)
            ? Words(refused)
            : null;

    /// <summary>Whether a condition speaks of what the pod is described with now; servers that do not say so speak of nothing else.</summary>
    private static bool IsCurrent(ObservedPod pod, V1PodCondition condition) =>
        condition.ObservedGeneration is not { } seen || seen >= (pod.Pod.Metadata.Generation ?? 0);

    private static string Words(V1PodCondition condition) => $"{condition.Reason}: {condition.Message}".TrimEnd(' ', ':', '.');
}
