using System.Globalization;

namespace CacheOperator.LocalCluster;

/// <summary>What a cluster consists of. No zone at all gives a control plane without nodes.</summary>
/// <param name="Zones">0-26 zones, called zone-a, zone-b, ...</param>
/// <param name="NodesPerZone">1-9 nodes, called zone-a-1, zone-a-2, ...</param>
/// <param name="Name">1-8 lower-case letters and digits, a letter first: it becomes part of interface names.</param>
public sealed record ClusterShape(int Zones = 3, int NodesPerZone = 2, string Name = ClusterShape.DefaultName)
{
    public const string DefaultName = "local";

    private const int MaximumZones = 26;
    private const int MaximumNodesPerZone = 9;
    private const int MaximumNodes = 60;
    private const int MaximumNameLength = 8;

    /// <summary>Names of all nodes, zone by zone.</summary>
    public IEnumerable<string> NodeNames() =>
        from zone in Enumerable.Range(0, Zones)
        from node in Enumerable.Range(1, NodesPerZone)
        select string.Create(CultureInfo.InvariantCulture, $"zone-{(char)('a' + zone)}-{node}");

    /// <summary>The zone that a node of this name is in.</summary>
    public static string ZoneOf(string nodeName)
    {
        ArgumentNullException.ThrowIfNull(nodeName);
        return nodeName[..nodeName.LastIndexOf('-')];
    }

    /// <exception cref="ArgumentException">A value is out of its range; the message names it.</exception>
    public ClusterShape Validated()
    {
        if (Zones is < 0 or > MaximumZones)
        {
            throw new ArgumentException($"zones must be 0 to {MaximumZones}, not {Zones}");
        }

        if (NodesPerZone is < 1 or > MaximumNodesPerZone || Zones * NodesPerZone > MaximumNodes)
        {
            throw new ArgumentException(
                $"nodes per zone must be 1 to {MaximumNodesPerZone}, and {MaximumNodes} nodes in all at most; not {NodesPerZone} in {Zones} zones");
        }

        if (Name.Length is 0 or > MaximumNameLength
            || !char.IsAsciiLetterLower(Name[0])
            || !Name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c)))
        {
            throw new ArgumentException(
                $"a cluster's name is 1 to {MaximumNameLength} lower-case letters and digits, a letter first; not \"{Name}\"");
        }

        return this;
    }
}
