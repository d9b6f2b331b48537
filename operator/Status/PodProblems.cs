using CacheOperator.Operator.Observing;

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

    private static PodProblem? Find(ObservedPod pod)
    {
        if (pod.Condition("PodScheduled") is { Status: "False", Reason: "Unschedulable" } scheduled)
            return new PodProblem(pod.Name, Reasons.PodUnschedulable, scheduled.Message ?? "no node can take it");
        var waiting = pod.Pod.Status?.ContainerStatuses?.Select(c => c.State?.Waiting).FirstOrDefault(w => w?.Reason is { } r && Failing.Contains(r));
        return waiting is null ? null : new PodProblem(pod.Name, Reasons.PodFailing, $"{waiting.Reason}: {waiting.Message}".TrimEnd(' ', ':'));
    }
}
