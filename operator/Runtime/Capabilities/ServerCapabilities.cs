using System.Collections.Immutable;
using CacheOperator.Operator.Runtime.Client;
using k8s;
using k8s.Models;

namespace CacheOperator.Operator.Runtime.Capabilities;

/// <summary>
/// What the API server can do: the kinds it serves and its minor version. Server-side apply refuses fields that a server
/// does not know, so whatever is newer than Kubernetes 1.20 is asked for here before it is rendered.
/// </summary>
/// <param name="Minor">Minor version: 20 for 1.20.</param>
/// <param name="GitVersion">The version in full, for logs: <c>v1.20.2</c>.</param>
/// <param name="Kinds">Everything served, as (apiVersion, kind); the subresource <c>resize</c> as a kind of its own, <c>Pod/resize</c>.</param>
internal sealed record ServerCapabilities(int Minor, string GitVersion, ImmutableHashSet<(string ApiVersion, string Kind)> Kinds)
{
    /// <summary>Services: <c>trafficDistribution: PreferClose</c> (beta, on by default, from 1.31).</summary>
    public bool TrafficDistribution => Minor >= 31;

    /// <summary>Services: <c>trafficDistribution: PreferSameZone</c>, the name that replaces PreferClose (on from 1.34).</summary>
    public bool TrafficDistributionPreferSameZone => Minor >= 34;

    /// <summary>Namespaces carry their name as the label <c>kubernetes.io/metadata.name</c> (on from 1.21).</summary>
    public bool NamespaceNameLabel => Minor >= 21;

    /// <summary>Pods learn their zone by a label set at binding (on from 1.35).</summary>
    public bool PodTopologyLabels => Minor >= 35;

    /// <summary>PodDisruptionBudgets: <c>unhealthyPodEvictionPolicy</c> (on from 1.27).</summary>
    public bool UnhealthyPodEvictionPolicy => Minor >= 27;

    /// <summary>Topology spread: <c>matchLabelKeys</c> (on from 1.27).</summary>
    public bool SpreadMatchLabelKeys => Minor >= 27;

    /// <summary>Topology spread: <c>nodeAffinityPolicy</c> and <c>nodeTaintsPolicy</c> (on from 1.26).</summary>
    public bool SpreadNodePolicies => Minor >= 26;

    /// <summary>
    /// Resources of a running pod can be changed, by the subresource <c>pods/resize</c> (on from 1.33). Discovery tells, not the version: it can be turned off, and
    /// on in 1.32.
    /// </summary>
    public bool ResizesPods => Serves("v1", "Pod/resize");

    public bool IsSameAs(ServerCapabilities other) => GitVersion == other.GitVersion && Minor == other.Minor && Kinds.SetEquals(other.Kinds);

    /// <summary>Whether the kind is served in the very version that the type describes.</summary>
    public bool Serves<T>()
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var kind = ResourceKind.Of<T>();
        return Serves(kind.ApiVersion, kind.Kind);
    }

    /// <summary>For example <c>("monitoring.coreos.com/v1", "PodMonitor")</c>.</summary>
    public bool Serves(string apiVersion, string kind) => Kinds.Contains((apiVersion, kind));

    /// <summary>Reads a minor version as servers write it: <c>20</c>, <c>20+</c>, <c>27.3-gke</c>. Zero when there is no number.</summary>
    public static int ParseMinor(string? minor)
    {
        var digits = (minor ?? "").TakeWhile(char.IsAsciiDigit).ToArray();
        return int.TryParse(digits, out var value) ? value : 0;
    }
}
