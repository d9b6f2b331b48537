using CacheOperator.Benchmarks.Load;
using CacheOperator.WarmUpBenchmarks.Clients;

namespace CacheOperator.WarmUpBenchmarks.Latency;

/// <summary>How clients of the source fared for a while, in microseconds.</summary>
/// <param name="Gets">Answered.</param>
internal sealed record LatencySample(long Gets, double P50, double P99, double P999)
{
    public static LatencySample Of(Tally tally) =>
        new(tally.Gets, Microseconds(tally.Latency, 0.5), Microseconds(tally.Latency, 0.99), Microseconds(tally.Latency, 0.999));

    private static double Microseconds(LatencyHistogram latency, double fraction) => latency.Percentile(fraction) / 1000.0;
}
