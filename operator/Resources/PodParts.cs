using CacheOperator.Operator.Api;
using k8s.Models;

namespace CacheOperator.Operator.Resources;

/// <summary>What the pods of members and proxies have in common.</summary>
internal static class PodParts
{
    /// <summary>
    /// The control plane would add 300 s: with these the pods of a dead node are marked for deletion within half a minute, whether
    /// or not the operator runs.
    /// </summary>
    public const int NodeLossTolerationSeconds = 30;

    public static V1ObjectMeta Metadata(
        PodTemplateSpec template, SortedDictionary<string, string> labels, IReadOnlyDictionary<string, string>? annotations = null)
    {
        foreach (var (key, value) in template.Labels ?? new Dictionary<string, string>())
            labels.TryAdd(key, value);
        var merged = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in annotations ?? new Dictionary<string, string>())
            merged[key] = value;
        foreach (var (key, value) in template.Annotations ?? new Dictionary<string, string>())
            merged[key] = value;
        return new V1ObjectMeta { Labels = labels, Annotations = merged.Count > 0 ? merged : null };
    }

    /// <summary>A pod that runs without privileges, without the API and without cluster DNS.</summary>
    public static V1PodSpec Spec(PodTemplateSpec template, long user, V1Affinity affinity, V1Container container, int graceSeconds) => new()
    {
        Affinity = affinity,
        AutomountServiceAccountToken = false,
        Containers = [container],
        DnsPolicy = "Default",
        EnableServiceLinks = false,
        NodeSelector = template.NodeSelector is { Count: > 0 } selector
            ? new SortedDictionary<string, string>(selector.ToDictionary(), StringComparer.Ordinal)
            : null,
        PriorityClassName = template.PriorityClassName,
        SecurityContext = new V1PodSecurityContext
        {
            FsGroup = user,
            RunAsGroup = user,
            RunAsNonRoot = true,
            RunAsUser = user,
            SeccompProfile = new V1SeccompProfile { Type = "RuntimeDefault" },
        },
        TerminationGracePeriodSeconds = graceSeconds,
        Tolerations = [.. Tolerations(template)],
    };

    public static V1SecurityContext ContainerSecurity() => new()
    {
        AllowPrivilegeEscalation = false,
        Capabilities = new V1Capabilities { Drop = ["ALL"] },
        ReadOnlyRootFilesystem = true,
    };

    private static IEnumerable<V1Toleration> Tolerations(PodTemplateSpec template)
    {
        var wanted = template.Tolerations ?? [];
        foreach (var key in new[] { "node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable" })
        {
            // A person who says how long a lost node is tolerated means it.
            if (wanted.Any(t => t.Key == key)) continue;
            yield return new V1Toleration
            {
                Key = key,
                OperatorProperty = "Exists",
                Effect = "NoExecute",
                TolerationSeconds = NodeLossTolerationSeconds,
            };
        }

        foreach (var toleration in wanted)
            yield return toleration;
    }
}
