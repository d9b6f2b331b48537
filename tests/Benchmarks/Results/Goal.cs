using CacheOperator.Benchmarks.Load;

namespace CacheOperator.Benchmarks.Results;

/// <summary>What this project sets out to reach against the better peer.</summary>
/// <param name="Throughput">At least.</param>
/// <param name="Cpu">CPU time for each operation, at most.</param>
/// <param name="P99">At most.</param>
internal readonly record struct Goal(double Throughput, double Cpu, double P99)
{
    public static Goal Of(Workload workload) => workload.IsBatched ? new Goal(1.4, 0.5, 0.8) : new Goal(1.0, 0.9, 1.0);

    public bool IsReachedBy(Ratios ratios) => ratios.Throughput >= Throughput && ratios.Cpu <= Cpu && ratios.P99 <= P99;
}
