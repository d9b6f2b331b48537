using System.Text;
using CacheOperator.Topology;
using k8s.Models;

namespace CacheOperator.Operator.Resources;

/// <summary>The durable copy of the topology document.</summary>
internal static class TopologyConfigMap
{
    public const string Key = "topology.json";

    public static V1ConfigMap Build(V1ObjectMeta metadata, TopologyDocument document) => new()
    {
        Metadata = metadata,
        Data = new Dictionary<string, string> { [Key] = Encoding.UTF8.GetString(TopologyJson.Write(document)) },
    };

    /// <returns>Null when there is no document in it.</returns>
    /// <exception cref="TopologyException">There is one that cannot be used.</exception>
    public static TopologyDocument? Read(V1ConfigMap map) =>
        map.Data is not null && map.Data.TryGetValue(Key, out var json) ? TopologyJson.ReadTopology(Encoding.UTF8.GetBytes(json)) : null;
}
