namespace CacheOperator.WarmUpBenchmarks.Latency;

/// <summary>How a copy is done beside which clients' answers are timed.</summary>
/// <param name="MaxBytesPerSecond">Its pace; 0 is the default: as fast as the source and its clients allow.</param>
/// <param name="Placement">Which processors it has.</param>
internal sealed record LatencyCase(long MaxBytesPerSecond, Placement Placement)
{
    public bool IsDefault => this == new LatencyCase(0, Placement.Shared);

    public string Name
    {
        get
        {
            var pace = MaxBytesPerSecond == 0 ? "default" : $"maxBytesPerSecond: {MaxBytesPerSecond / 1_000_000}M";
            return Placement == Placement.Shared ? pace : $"{pace}, source on a core of its own";
        }
    }
}
