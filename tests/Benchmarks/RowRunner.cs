using CacheOperator.Benchmarks.Load;
using CacheOperator.Benchmarks.Machine;
using CacheOperator.Benchmarks.Results;
using CacheOperator.Benchmarks.Targets;

namespace CacheOperator.Benchmarks;

/// <summary>Measures rows: all targets in turn, and that several times over, so that what else the machine does hits them alike.</summary>
internal sealed class RowRunner(TargetStarter starter, BenchmarkOptions options, IProgress<string> progress) : IAsyncDisposable
{
    /// <summary>By how much members' statistics may differ from what was sent: a read that is hedged counts twice.</summary>
    private const double StatisticsTolerance = 0.01;
    private static readonly TimeSpan StatisticsPatience = TimeSpan.FromSeconds(2);

    private readonly Dictionary<(TargetKind Kind, int Threads), Target> _targets = [];
    private readonly HashSet<(Target Target, int ValueSize)> _filled = [];

    public async Task<RowResult> RunAsync(Row row, CancellationToken cancellationToken)
    {
        var kinds = Enum.GetValues<TargetKind>();
        var streams = kinds.ToDictionary(kind => kind, kind => RequestStream.Build(row.Workload, kind.KeyOwner()));
        var runs = kinds.ToDictionary(kind => kind, _ => new List<Measurement>());
        var failures = new Dictionary<TargetKind, string>();
        for (var repetition = 1; repetition <= options.Repetitions; repetition++)
        {
            foreach (var kind in kinds.Where(kind => !failures.ContainsKey(kind)))
            {
                try
                {
                    var target = await GetAsync(kind, row, cancellationToken);
                    runs[kind].Add(await MeasureAsync(target, row.Workload.Clients, streams[kind], cancellationToken));
                }
                catch (LoadFailureException e)
                {
                    failures.Add(kind, e.Message);
                    progress.Report($"FAILED: {row.Name}: {kind.Name()}: {e.Message}");
                }
            }
        }

        return new RowResult(
            row,
            runs.Where(entry => !failures.ContainsKey(entry.Key)).ToDictionary(entry => entry.Key, entry => (IReadOnlyList<Measurement>)entry.Value),
            failures);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var target in _targets.Values) await target.DisposeAsync();
    }

    /// <summary>The target, running and filled. A failure does not end it: the next row may work.</summary>
    private async Task<Target> GetAsync(TargetKind kind, Row row, CancellationToken cancellationToken)
    {
        if (!_targets.TryGetValue((kind, row.Threads), out var target))
        {
            target = await starter.StartAsync(kind, row.Threads, cancellationToken);
            _targets.Add((kind, row.Threads), target);
        }

        if (_filled.Add((target, row.Workload.ValueSize)))
            KeySpaceFill.Run(target.EndPoint, RequestStream.Build(row.Workload.Fill, kind.KeyOwner()));
        return target;
    }

    private async Task<Measurement> MeasureAsync(Target target, int clients, RequestStream stream, CancellationToken cancellationToken)
    {
        var before = await CountAsync(target, cancellationToken);
        ProcessMemory.ResetPeak(target.ProcessId);
        var load = new LoadGenerator(target.EndPoint, stream, clients);
        var result = await Task.Factory.StartNew(
            () => load.Run(options.WarmUp, options.Interval, ReadCpu), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await CompareWithStatisticsAsync(target, before, new StoreCounters(result.TotalGets, result.TotalSets * target.Kind.Copies()), cancellationToken);
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
        };

        CpuReading ReadCpu() => new(
            CpuClock.OfProcess(target.ProcessId),
            target.Stores.Where(store => store.ProcessId != target.ProcessId).Sum(store => CpuClock.OfProcess(store.ProcessId)));
    }

    /// <summary>The members must have been asked for exactly what the clients were answered; the last copies of a write may take a moment.</summary>
    private static async Task CompareWithStatisticsAsync(Target target, StoreCounters before, StoreCounters expected, CancellationToken cancellationToken)
    {
        var deadline = DateTime.UtcNow + StatisticsPatience;
        StoreCounters counted;
        while (!IsClose(counted = await CountAsync(target, cancellationToken) - before, expected))
        {
            if (DateTime.UtcNow > deadline)
            {
                throw new LoadFailureException(
                    $"the members count {counted.Gets} reads and {counted.Sets} writes where there should be {expected.Gets} and {expected.Sets}");
            }

            await Task.Delay(20, cancellationToken);
        }
    }

    private static bool IsClose(StoreCounters counted, StoreCounters expected) =>
        Math.Abs(counted.Gets - expected.Gets) <= expected.Gets * StatisticsTolerance
        && Math.Abs(counted.Sets - expected.Sets) <= expected.Sets * StatisticsTolerance;

    private static async Task<StoreCounters> CountAsync(Target target, CancellationToken cancellationToken)
    {
        var sum = default(StoreCounters);
        foreach (var store in target.Stores) sum += await store.ReadCountersAsync(cancellationToken);
        return sum;
    }
}
