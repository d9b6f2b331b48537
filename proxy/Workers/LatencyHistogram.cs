namespace CacheOperator.Proxy.Workers;

/// <summary>How long requests took, in buckets. Written by one thread, read by any.</summary>
internal sealed class LatencyHistogram
{
    /// <summary>One request in so many is measured.</summary>
    public const int Sampling = 64;

    private readonly long[] _counts = new long[Bounds.Count + 1];
    private double _sum;

    /// <summary>Upper bounds of the buckets but the last, in seconds.</summary>
    public static IReadOnlyList<double> Bounds { get; } = [0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1];

    public IReadOnlyList<long> Counts => _counts;

    /// <summary>Seconds of all that were measured.</summary>
    public double Sum => _sum;

    public void Record(TimeSpan duration)
    {
        var bucket = 0;
        while (bucket < Bounds.Count && duration.TotalSeconds > Bounds[bucket]) bucket++;
        _counts[bucket]++;
        _sum += duration.TotalSeconds;
    }

    public void Add(LatencyHistogram other)
    {
        for (var i = 0; i < _counts.Length; i++) _counts[i] += Volatile.Read(ref other._counts[i]);
        _sum += Volatile.Read(ref other._sum);
    }
}
