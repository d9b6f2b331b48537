using CacheOperator.Operator.Observing;
using k8s.Models;

namespace CacheOperator.Operator.Status;

/// <summary>Finds pods that do not come up by themselves.</summary>
internal static class PodProblems
{
    /// <summary>Reasons of a waiting container that mean more than "a moment, please".</summary>
    private static readonly HashSet<string> Failing = new(StringComparer.Ordinal)
    {
        "CrashLoopBackOff", "ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull",
        "CreateContainerConfigError", "CreateContainerError", "RunContainerError",
    };

    public static IReadOnlyList<PodProblem> Find(IEnumerable<ObservedPod> pods) =>
        [.. pods.Where(p => !p.Terminating).Select(Find).OfType<PodProblem>()];

    /// <param name="overdue">Members' pods that should have been made long ago, by <see cref="MissingPods"/>.</param>
    /// <param name="proxies">The proxies' Deployment.</param>
    public static IReadOnlyList<PodProblem> FindNotCreated(IEnumerable<string> overdue, V1Deployment? proxies)
    {
        var failure = proxies?.Status?.Conditions?.FirstOrDefault(c => c is { Type: "ReplicaFailure", Status: "True" });
        return
        [
            // A StatefulSet tells its reasons in events only.
            .. overdue.Select(pod => new PodProblem(
                pod, Reasons.PodNotCreated, $"it is not there and is not made, see kubectl describe statefulset {pod[..pod.LastIndexOf('-')]}")),
            .. failure is null ? Array.Empty<PodProblem>() : [new PodProblem(proxies!.Metadata.Name, Reasons.PodNotCreated, $"{failure.Message?.TrimEnd('.')}")],
        ];
    }

    private static PodProblem? Find(ObservedPod pod)
    {
        if (pod.Condition("PodScheduled") is { Status: "False", Reason: "Unschedulable" } scheduled)
            return new PodProblem(pod.Name, Reasons.PodUnschedulable, scheduled.Message ?? "no node can take it");
        var waiting = pod.Pod.Status?.ContainerStatuses?.Select(c => c.State?.Waiting).FirstOrDefault(w => w?.Reason is { } r && Failing.Contains(r));
        return waiting is null ? null : new PodProblem(pod.Name, Reasons.PodFailing, $"{waiting.Reason}: {waiting.Message}".TrimEnd(' ', ':'));
    }
}
