namespace CacheOperator.Operator.Topology;

/// <summary>Where the copies of a cache are kept.</summary>
/// <param name="Zones">In order of preference.</param>
/// <param name="Labelled">False on a cluster whose nodes tell no zone: then there is one zone that spans all of them.</param>
internal sealed record ZoneLayout(IReadOnlyList<string> Zones, bool Labelled)
{
    /// <summary>Name of the only zone where nodes tell none.</summary>
    public const string Unlabelled = "default";
}
