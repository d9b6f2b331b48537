namespace CacheOperator.Benchmarks.Results;

/// <summary>One run, or the medians of several.</summary>
internal sealed record Measurement
{
    /// <summary>Keys read and written per second.</summary>
    public required double Throughput { get; init; }

    /// <summary>Microseconds of CPU time for each of them, of the process that the clients talk to.</summary>
    public required double CpuPerOperation { get; init; }

    /// <summary>The same of all members behind it together; 0 where there are none.</summary>
    public required double MembersCpuPerOperation { get; init; }

    /// <summary>Microseconds that a batch takes.</summary>
    public required double P50 { get; init; }

    public required double P99 { get; init; }

    public required double P999 { get; init; }

    /// <summary>Peak resident bytes of the process.</summary>
    public required double Memory { get; init; }

    /// <summary>Part of the time that the load was computing, 0..1.</summary>
    public required double GeneratorBusy { get; init; }

    /// <summary>Reads that members got beyond those of the clients, as a part of these: a proxy that asks another zone when an answer takes long.</summary>
    public required double ExtraReads { get; init; }

    /// <summary>Each number's median by itself.</summary>
    public static Measurement Median(IReadOnlyCollection<Measurement> runs)
    {
        return new Measurement
        {
            Throughput = Of(run => run.Throughput),
            CpuPerOperation = Of(run => run.CpuPerOperation),
            MembersCpuPerOperation = Of(run => run.MembersCpuPerOperation),
            P50 = Of(run => run.P50),
            P99 = Of(run => run.P99),
            P999 = Of(run => run.P999),
            Memory = Of(run => run.Memory),
            GeneratorBusy = Of(run => run.GeneratorBusy),
            ExtraReads = Of(run => run.ExtraReads),
        };

        double Of(Func<Measurement, double> number)
        {
            var sorted = runs.Select(number).Order().ToArray();
            return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        }
    }
}
