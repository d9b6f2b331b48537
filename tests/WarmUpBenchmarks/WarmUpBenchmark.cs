using CacheOperator.Benchmarks.Machine;
using CacheOperator.Fleet;
using CacheOperator.Provisioning.Memcached;
using CacheOperator.Provisioning.Processes;
using CacheOperator.Provisioning.Publishing;
using CacheOperator.WarmUpBenchmarks.Copying;
using CacheOperator.WarmUpBenchmarks.Heat;
using CacheOperator.WarmUpBenchmarks.Latency;
using CacheOperator.WarmUpBenchmarks.NodeLoss;
using CacheOperator.WarmUpBenchmarks.Results;

namespace CacheOperator.WarmUpBenchmarks;

/// <summary>The whole benchmark, part by part.</summary>
internal sealed class WarmUpBenchmark(BenchmarkSize size, IProgress<string> progress)
{
    public const string Speed = "speed";
    public const string Latency = "latency";
    public const string Loss = "loss";
    public const string Hottest = "hottest";
    public const string Memory = "memory";

    public static readonly IReadOnlyList<string> Parts = [Speed, Latency, Loss, Hottest, Memory];

    /// <param name="parts">Of <see cref="Parts"/>.</param>
    /// <param name="cancellationToken">Ends it, and what it has started.</param>
    public async Task<WarmUpReport> RunAsync(IReadOnlyCollection<string> parts, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("warm-up-benchmarks-");
        try
        {
            var memcached = await MemcachedBinary.EnsureAsync(progress, cancellationToken);
            var proxy = await ProjectPublisher.PublishAsync("proxy/CacheOperator.Proxy.csproj", PublishMode.NativeAot, progress, cancellationToken);
            var copier = new ProxyCopy(proxy.Executable, folder.FullName);
            var sections = new List<ReportSection>();
            foreach (var part in parts)
            {
                progress.Report(part);
                sections.Add(part switch
                {
                    Speed => await CompareAsync(memcached, [copier, await PlainCopy.BuildAsync(folder.FullName, progress, cancellationToken)], cancellationToken),
                    Latency => LatencyReport.Of(size.Latency, await new LatencyRunner(memcached, copier, size.LatencyRounds).RunAsync(size.Latency, cancellationToken)),
                    Loss => await LoseAsync(new FleetPrograms(memcached, new Command(proxy.Executable)), cancellationToken),
                    Hottest => await HeatAsync(new HeatRunner(memcached, copier, size.HeatReading), cancellationToken),
                    _ => MemoryReport.Of(await new CopyRunner(memcached, [copier], repetitions: 1).RunAsync(size.Memory, cancellationToken)),
                });
            }

            return new WarmUpReport(MachineDescription.Of($"memcached {MemcachedBinary.Version}"), sections);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task<ReportSection> CompareAsync(string memcached, IReadOnlyList<ICopier> copiers, CancellationToken cancellationToken)
    {
        var results = new List<CopyResult>();
        foreach (var work in size.Speed)
        {
            progress.Report($"{work.Items} x {work.Name}");
            results.Add(await new CopyRunner(memcached, copiers, size.Repetitions).RunAsync(work, cancellationToken));
        }

        return SpeedReport.Of(results, size.Repetitions);
    }

    private async Task<ReportSection> HeatAsync(HeatRunner runner, CancellationToken cancellationToken)
    {
        var results = new List<HeatResult>();
        foreach (var use in HeatUse.All) results.Add(await runner.RunAsync(size.Heat, use, cancellationToken));
        return HeatReport.Of(results);
    }

    private async Task<ReportSection> LoseAsync(FleetPrograms programs, CancellationToken cancellationToken)
    {
        var results = new List<LossResult>();
        foreach (var variant in Enum.GetValues<LossVariant>())
        {
            progress.Report($"{Loss}: {variant}");
            await using IZone zone = variant == LossVariant.WarmUp
                ? await FleetZone.StartAsync(programs, size.Loss, cancellationToken)
                : await PlainZone.StartAsync(programs.Memcached, size.Loss, lazy: variant == LossVariant.Lazy, cancellationToken);
            results.Add(await new LossRunner(size.LossTimes, size.LossRate).RunAsync(zone, size.Loss, cancellationToken));
        }

        return LossReport.Of(size.Loss, size.LossRate, size.LossTimes, results);
    }
}
