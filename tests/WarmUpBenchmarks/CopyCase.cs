namespace CacheOperator.WarmUpBenchmarks;

/// <summary>What a member holds that is copied.</summary>
internal sealed record CopyCase(int Items, int ValueBytes)
{
    /// <summary>What memcached adds to a value: header, key, version, and what its size classes leave unused.</summary>
    private const int ItemOverhead = 100;

    private const double Slack = 1.35;
    private const int LeastMegabytes = 256;

    public string Name => ValueBytes >= 1000 ? $"{ValueBytes / 1000} KB" : $"{ValueBytes} B";

    /// <summary>Memory of a member that evicts none of it.</summary>
    public int MemoryMegabytes => Math.Max(LeastMegabytes, (int)(Items * (double)(ValueBytes + ItemOverhead) * Slack / (1 << 20)));
}
