using System.Numerics;

namespace CacheOperator.Benchmarks.Load;

/// <summary>Counts durations in buckets that are at most 1.6 % wide: 64 to every power of two. Recording costs a few nanoseconds.</summary>
internal sealed class LatencyHistogram
{
    private const int SubBits = 6;
    private const int SubBuckets = 1 << SubBits;
    private readonly long[] _counts = new long[(64 - SubBits + 1) * SubBuckets];

    public long Count { get; private set; }

    /// <param name="nanoseconds">Not negative.</param>
    public void Record(long nanoseconds)
    {
        _counts[Bucket((ulong)nanoseconds)]++;
        Count++;
    }

    /// <param name="fraction">Such as 0.99; 0..1.</param>
    /// <returns>Nanoseconds that this fraction of the durations does not exceed, rounded up to the bucket's end; 0 when nothing was recorded.</returns>
    public long Percentile(double fraction)
    {
        var wanted = Math.Max(1, (long)Math.Ceiling(Count * fraction));
        var seen = 0L;
        for (var bucket = 0; bucket < _counts.Length; bucket++)
        {
            seen += _counts[bucket];
            if (seen >= wanted) return Upper(bucket);
        }

        return 0;
    }

    private static int Bucket(ulong value)
    {
        if (value < SubBuckets) return (int)value;
        var shift = 63 - BitOperations.LeadingZeroCount(value) - SubBits;
        return ((shift + 1) << SubBits) + (int)((value >> shift) - SubBuckets);
    }

    private static long Upper(int bucket)
    {
        if (bucket < SubBuckets) return bucket;
        var shift = (bucket >> SubBits) - 1;
        return (((long)(bucket & (SubBuckets - 1)) + SubBuckets + 1) << shift) - 1;
    }
}
