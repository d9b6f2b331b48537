using CacheOperator.Operator.Observing;
using CacheOperator.Operator.Settings;
using CacheOperator.Topology;

namespace CacheOperator.Operator.Topology;

/// <summary>Finds the zones of a cache: those asked for, else those it has, else those of the nodes.</summary>
internal static class ZoneDiscovery
{
    /// <returns>A layout and no fault, or null and what stands in the way.</returns>
    public static (ZoneLayout? Layout, string? Fault) Find(CacheSettings settings, TopologyDocument? document, CacheObservation observed)
    {
        if (settings.Zones is { } wanted)
        {
            // A zone that is in use may lose its last node; only a new one has to be shown to exist.
            var unknown = wanted
                .Where(z => document?.Zones.Contains(z) != true && observed.NodesVisible && observed.Nodes.All(n => n.Zone != z))
                .ToList();
            return unknown.Count == 0
                ? (new ZoneLayout(wanted, Labelled: true), null)
                : (null, $"spec.zones: no node carries topology.kubernetes.io/zone={string.Join(" or ", unknown)}; known zones are {Known(observed)}");
        }

        // Kept once chosen: a zone that comes later must not move keys by itself.
        if (document is not null) return (LayoutOf(document), null);
        if (!observed.NodesVisible)
            return (null, "spec.zones: has to be given, because the operator may not read nodes and cannot discover the zones");

        if (!observed.Nodes.Any(n => NodeFit.Suits(n, settings.PodTemplate)))
            return (null, "spec.podTemplate: no node of the cluster suits its nodeSelector and tolerations, so there is no zone to put members in");
        var zones = Suitable(settings, observed).Take(SpecReader.MaxZones).ToList();
        return (Of(zones.Count > 0 ? zones : [ZoneLayout.Unlabelled]), null);
    }

    /// <summary>Zones that would have been chosen, had their nodes been there in the beginning. None where the spec lists zones: it means those.</summary>
    public static IReadOnlyList<string> Unused(CacheSettings settings, ZoneLayout layout, CacheObservation observed) =>
        settings.Zones is not null || !layout.Labelled ? [] : [.. Suitable(settings, observed).Except(layout.Zones).Take(SpecReader.MaxZones - layout.Zones.Count)];

    /// <summary>Zone of every node, for proxies that know only their node's name.</summary>
    public static IReadOnlyDictionary<string, string> NodeZones(ZoneLayout layout, CacheObservation observed)
    {
        var zones = new Dictionary<string, string>(StringComparer.Ordinal);

        // Members tell the zones of their nodes where nodes themselves may not be read.
        foreach (var member in observed.Members)
        {
            if (member is { Node: { } node, Zone: { } zone }) zones[node] = zone;
        }

        foreach (var node in observed.Nodes)
        {
            if ((layout.Labelled ? node.Zone : ZoneLayout.Unlabelled) is { } zone) zones[node.Name] = zone;
        }

        return zones;
    }

    public static ZoneLayout LayoutOf(TopologyDocument document) => Of(document.Zones);

    /// <summary>The one zone of a cluster without zone labels is recognised by its name.</summary>
    private static ZoneLayout Of(IReadOnlyList<string> zones) => new(zones, zones is not [ZoneLayout.Unlabelled]);

    private static IEnumerable<string> Suitable(CacheSettings settings, CacheObservation observed) =>
        observed.Nodes.Where(n => NodeFit.Suits(n, settings.PodTemplate)).Select(n => n.Zone).OfType<string>().Distinct().Order(StringComparer.Ordinal);

    private static string Known(CacheObservation observed)
    {
        var zones = observed.Nodes.Select(n => n.Zone).OfType<string>().Distinct().Order(StringComparer.Ordinal).ToList();
        return zones.Count == 0 ? "none" : string.Join(", ", zones);
    }
}
