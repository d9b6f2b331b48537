namespace CacheOperator.Testbed.Kubernetes;

public sealed class CacheZone
{
    public string Name { get; set; } = string.Empty;

    public int Ready { get; set; }

    public int Warming { get; set; }

    public int Quarantined { get; set; }

    public int Unreachable { get; set; }

    public long? Items { get; set; }
}
