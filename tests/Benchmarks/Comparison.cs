using System.ComponentModel;
using System.Net.Sockets;
using CacheOperator.Benchmarks.Idle;
using CacheOperator.Benchmarks.Load;
using CacheOperator.Benchmarks.Machine;
using CacheOperator.Benchmarks.Results;
using CacheOperator.Benchmarks.StartUp;
using CacheOperator.Benchmarks.Targets;
using CacheOperator.Provisioning;

namespace CacheOperator.Benchmarks;

/// <summary>The whole benchmark: the rows, idle clients, start-up.</summary>
internal sealed class Comparison(BenchmarkOptions options, IProgress<string> progress)
{
    /// <summary>Under which <c>--only</c> knows the measurements that are no rows.</summary>
    public const string Idle = "idle";
    public const string StartUp = "startup";

    private readonly List<string> _failures = [];

    public async Task<BenchmarkReport> RunAsync(CancellationToken cancellationToken)
    {
        var programs = await Programs.EnsureAsync(progress, cancellationToken);
        await using var members = await Members.StartAsync(programs.Memcached, cancellationToken);
        using var starter = new TargetStarter(programs, members.Stores);
        var load = new LoadRunner(options);
        var idle = new IdleRunner(starter, load);
        var startUp = new StartUpRunner(starter);
        return new BenchmarkReport(
            await MachineDescription.ReadAsync(programs, cancellationToken),
            options.Repetitions,
            options.Interval,
            await RunRowsAsync(starter, load, cancellationToken),
            await RunEachAsync(Idle, kind => idle.RunAsync(kind, cancellationToken)),
            await RunEachAsync(StartUp, kind => startUp.RunAsync(kind, cancellationToken)),
            _failures);
    }

    private async Task<List<RowResult>> RunRowsAsync(TargetStarter starter, LoadRunner load, CancellationToken cancellationToken)
    {
        await using var runner = new RowRunner(starter, load, options.Repetitions);
        var rows = options.Rows.ToList();
        var results = new List<RowResult>();
        foreach (var row in rows)
        {
            var result = await runner.RunAsync(row, cancellationToken);
            results.Add(result);
            progress.Report($"[{results.Count}/{rows.Count}] {MarkdownReport.LineOf(result)}");
            foreach (var (kind, failure) in result.Failures) Fail($"{row.Name}: {kind.Name()}: {failure}");
        }

        return results;
    }

    private async Task<IReadOnlyDictionary<TargetKind, T>> RunEachAsync<T>(string name, Func<TargetKind, Task<T>> measure)
    {
        var results = new Dictionary<TargetKind, T>();
        if (!options.Wants(name)) return results;
        foreach (var kind in Enum.GetValues<TargetKind>())
        {
            try
            {
                results.Add(kind, await measure(kind));
            }
            catch (Exception e) when (e is LoadFailureException or ProvisioningException or SocketException or Win32Exception or IOException)
            {
                Fail($"{name}: {kind.Name()}: {e.Message}");
            }
        }

        progress.Report($"{name}: done");
        return results;
    }

    private void Fail(string failure)
    {
        _failures.Add(failure);
        progress.Report($"FAILED: {failure}");
    }
}
