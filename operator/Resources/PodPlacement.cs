using k8s.Models;

namespace CacheOperator.Operator.Resources;

/// <summary>Affinities: what the operator needs, and what a person added.</summary>
internal static class PodPlacement
{
    /// <summary>Keeps pods in the zones; where nodes tell no zone there is nothing to say.</summary>
    public static V1NodeSelectorRequirement? InZones(RenderContext context, IReadOnlyList<string> zones) => context.Layout.Labelled
        ? new V1NodeSelectorRequirement { Key = CacheLabels.NodeZone, OperatorProperty = "In", Values = [.. zones] }
        : null;

    /// <summary>Prefers nodes without pods of the given component of the same cache.</summary>
    public static V1WeightedPodAffinityTerm AwayFrom(string cache, string component, int weight) => new()
    {
        Weight = weight,
        PodAffinityTerm = new V1PodAffinityTerm
        {
            LabelSelector = new V1LabelSelector { MatchLabels = CacheLabels.Selector(cache, component) },
            TopologyKey = CacheLabels.NodeName,
        },
    };

    public static V1Affinity Affinity(V1Affinity? wanted, V1NodeSelectorRequirement? zone, params V1WeightedPodAffinityTerm[] away) => new()
    {
        NodeAffinity = NodeAffinity(wanted?.NodeAffinity, zone),
        PodAffinity = wanted?.PodAffinity,
        PodAntiAffinity = new V1PodAntiAffinity
        {
            PreferredDuringSchedulingIgnoredDuringExecution =
                [.. away, .. wanted?.PodAntiAffinity?.PreferredDuringSchedulingIgnoredDuringExecution ?? []],
            RequiredDuringSchedulingIgnoredDuringExecution = wanted?.PodAntiAffinity?.RequiredDuringSchedulingIgnoredDuringExecution,
        },
    };

    private static V1NodeAffinity? NodeAffinity(V1NodeAffinity? wanted, V1NodeSelectorRequirement? zone)
    {
        if (zone is null) return wanted;

        // Terms are alternatives: the zone has to stand in each of them.
        var terms = wanted?.RequiredDuringSchedulingIgnoredDuringExecution?.NodeSelectorTerms ?? [new V1NodeSelectorTerm()];
        return new V1NodeAffinity
        {
            PreferredDuringSchedulingIgnoredDuringExecution = wanted?.PreferredDuringSchedulingIgnoredDuringExecution,
            RequiredDuringSchedulingIgnoredDuringExecution = new V1NodeSelector
            {
                NodeSelectorTerms =
                [
                    .. terms.Select(term => new V1NodeSelectorTerm
                    {
                        MatchExpressions = [zone, .. term.MatchExpressions ?? []],
                        MatchFields = term.MatchFields,
                    }),
                ],
            },
        };
    }
}
