using k8s.Models;

namespace CacheOperator.Testbed.Kubernetes;

public static class PodExtensions
{
    public static string? Zone(this V1Pod pod) =>
        pod.Metadata.Labels?.TryGetValue("cacheoperator.dev/zone", out var zone) == true ? zone : null;

    /// <summary>Status of a condition, such as <c>True</c>; null when it is not there.</summary>
    public static string? Condition(this V1Pod pod, string type) =>
        pod.Status?.Conditions?.FirstOrDefault(condition => condition.Type == type)?.Status;

    /// <summary>Whether the operator's readiness gate is open.</summary>
    public static bool IsWarm(this V1Pod pod) => pod.Condition("cacheoperator.dev/warm") == "True";

    public static bool IsReady(this V1Pod pod) => pod.Condition("Ready") == "True" && pod.Metadata.DeletionTimestamp is null;

    /// <summary>UID and restarts of each container: unchanged means untouched.</summary>
    public static string Life(this V1Pod pod) =>
        $"{pod.Metadata.Name} {pod.Metadata.Uid} restarts {pod.Status?.ContainerStatuses?.Sum(container => container.RestartCount) ?? 0}";
}
