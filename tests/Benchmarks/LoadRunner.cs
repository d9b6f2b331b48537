using CacheOperator.Benchmarks.Load;
using CacheOperator.Benchmarks.Machine;
using CacheOperator.Benchmarks.Results;
using CacheOperator.Benchmarks.Targets;
using CacheOperator.Provisioning.Processes;

namespace CacheOperator.Benchmarks;

/// <summary>Puts load on a target and takes its numbers, with the members' statistics as the witness.</summary>
internal sealed class LoadRunner(BenchmarkOptions options)
{
    /// <summary>Part of the operations by which the members' statistics may differ.</summary>
    private const double StatisticsTolerance = 0.001;
    private static readonly TimeSpan StatisticsPatience = TimeSpan.FromSeconds(2);

    /// <exception cref="LoadFailureException">The target did not do its work.</exception>
    public async Task<Measurement> MeasureAsync(Target target, RequestStream stream, int clients, CancellationToken cancellationToken)
    {
        var before = await CountAsync(target, cancellationToken);
        ProcessMemory.ResetPeak(target.ProcessId);
        var load = new LoadGenerator(target.EndPoint, stream, clients);
        var result = await Task.Factory.StartNew(
            () => load.Run(options.WarmUp, options.Interval, ReadCpu), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var extraReads = await CompareWithStatisticsAsync(target, before, new StoreCounters(result.TotalGets, result.TotalSets * target.Kind.Copies()), cancellationToken);
        return new Measurement
        {
            Throughput = result.Operations / result.Elapsed.TotalSeconds,
            CpuPerOperation = result.Cpu.Target / 1000.0 / result.Operations,
            MembersCpuPerOperation = result.Cpu.Members / 1000.0 / result.Operations,
            P50 = result.Latency.Percentile(0.5) / 1000.0,
            P99 = result.Latency.Percentile(0.99) / 1000.0,
            P999 = result.Latency.Percentile(0.999) / 1000.0,
            Memory = ProcessMemory.Peak(target.ProcessId),
            GeneratorBusy = result.GeneratorBusy,
            ExtraReads = extraReads,
        };

        CpuReading ReadCpu() => new(
            CpuClock.OfProcess(target.ProcessId),
            target.Stores.Where(store => store.ProcessId != target.ProcessId).Sum(store => CpuClock.OfProcess(store.ProcessId)));
    }

    /// <summary>The members must have been asked for what the clients were answered; the last copies of a write may take a moment.</summary>
    /// <returns>Reads that no client asked for, as a part of those that one did.</returns>
    private static async Task<double> CompareWithStatisticsAsync(Target target, StoreCounters before, StoreCounters expected, CancellationToken cancellationToken)
    {
        var deadline = DateTime.UtcNow + StatisticsPatience;
        StoreCounters counted;
        while (!(counted = await CountAsync(target, cancellationToken) - before).Cover(expected, StatisticsTolerance))
        {
            if (DateTime.UtcNow > deadline)
            {
                throw new LoadFailureException(
                    $"the members count {counted.Gets} reads and {counted.Sets} writes where there should be {expected.Gets} and {expected.Sets}");
            }

            await Task.Delay(20, cancellationToken);
        }

        return expected.Gets == 0 ? 0 : ((double)counted.Gets / expected.Gets) - 1;
    }

    private static async Task<StoreCounters> CountAsync(Target target, CancellationToken cancellationToken)
    {
        var sum = default(StoreCounters);
        foreach (var store in target.Stores) sum += await store.ReadCountersAsync(cancellationToken);
        return sum;
    }
}
