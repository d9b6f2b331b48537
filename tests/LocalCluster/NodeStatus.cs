namespace CacheOperator.LocalCluster;

/// <summary>One node as the tool (power, plug) and Kubernetes (ready, pods) see it.</summary>
/// <param name="Name">For example zone-a-1.</param>
/// <param name="Zone">For example zone-a.</param>
/// <param name="Power">What was done to it.</param>
/// <param name="Ready">What Kubernetes believes.</param>
/// <param name="Pods">Names of the pods that are bound to it, <c>namespace/name</c>.</param>
public sealed record NodeStatus(string Name, string Zone, NodePower Power, bool Ready, IReadOnlyList<string> Pods);
