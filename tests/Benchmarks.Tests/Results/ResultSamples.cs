using CacheOperator.Benchmarks.Load;
using CacheOperator.Benchmarks.Results;
using CacheOperator.Benchmarks.Targets;

namespace CacheOperator.Benchmarks.Tests.Results;

internal static class ResultSamples
{
    public static Measurement Run(double throughput, double cpu, double p99) => new()
    {
        Throughput = throughput,
        CpuPerOperation = cpu,
        MembersCpuPerOperation = 1,
        P50 = p99 / 2,
        P99 = p99,
        P999 = p99 * 2,
        Memory = 10 << 20,
        GeneratorBusy = 0.2,
        ExtraReads = 0,
    };

    /// <summary>A row in which each target was measured once, and those with null failed.</summary>
    public static RowResult Row(Mix mix, Measurement? twemproxy, Measurement? builtIn, Measurement? own)
    {
        Dictionary<TargetKind, Measurement?> all = new()
        {
            [TargetKind.Memcached] = Run(200_000, 5, 500),
            [TargetKind.Twemproxy] = twemproxy,
            [TargetKind.BuiltInProxy] = builtIn,
            [TargetKind.CacheProxy] = own,
        };
        return new RowResult(
            new Row(new Workload { Mix = mix, Clients = 64, ValueSize = 100 }),
            all.Where(entry => entry.Value is not null).ToDictionary(entry => entry.Key, entry => (IReadOnlyList<Measurement>)[entry.Value!]),
            all.Where(entry => entry.Value is null).ToDictionary(entry => entry.Key, _ => "the connection was closed"));
    }
}
