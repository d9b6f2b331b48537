namespace CacheOperator.Operator.Resources;

/// <summary>
/// What the server understands of the fields that the builders would like to use. Server-side apply refuses unknown fields, and a
/// field behind a gate that is off is dropped silently and would be sent again and again: so the beta that is on by default counts.
/// </summary>
internal sealed record ResourceFeatures
{
    /// <summary><c>policy/v1</c>, 1.21.</summary>
    public required bool DisruptionBudgets { get; init; }

    /// <summary>1.27.</summary>
    public required bool UnhealthyPodEvictionPolicy { get; init; }

    /// <summary>How a Service is told to stay in the zone: <c>PreferSameZone</c> (1.35), <c>PreferClose</c> (1.31), or null.</summary>
    public required string? SameZoneTraffic { get; init; }

    /// <summary><c>matchLabelKeys</c> and <c>nodeTaintsPolicy</c> of topology spread constraints, 1.27.</summary>
    public required bool SpreadByTemplateAndTaints { get; init; }

    /// <summary>Every namespace carries its name as the label <c>kubernetes.io/metadata.name</c>, 1.21.</summary>
    public required bool NamespaceNameLabel { get; init; }
}
