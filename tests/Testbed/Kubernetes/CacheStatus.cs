using k8s.Models;

namespace CacheOperator.Testbed.Kubernetes;

public sealed class CacheStatus
{
    public long? ObservedGeneration { get; set; }

    public IList<V1Condition> Conditions { get; set; } = [];

    public string? Endpoint { get; set; }

    public string? Members { get; set; }

    public string? Warming { get; set; }

    public IList<CacheZone> Zones { get; set; } = [];

    public IList<CacheWarmUp> WarmUps { get; set; } = [];

    public long? TopologyGeneration { get; set; }
}
