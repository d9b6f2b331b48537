namespace CacheOperator.Testbed.Kubernetes;

public sealed class CacheWarmUp
{
    public string Pod { get; set; } = string.Empty;

    public string? Source { get; set; }

    public int Percent { get; set; }

    public long ItemsPerSecond { get; set; }
}
