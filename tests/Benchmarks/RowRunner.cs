using System.ComponentModel;
using System.Net.Sockets;
using CacheOperator.Benchmarks.Load;
using CacheOperator.Benchmarks.Results;
using CacheOperator.Benchmarks.Targets;
using CacheOperator.Provisioning;

namespace CacheOperator.Benchmarks;

/// <summary>Measures rows: all targets in turn, and that several times over, so that what else the machine does hits them alike.</summary>
internal sealed class RowRunner(TargetStarter starter, LoadRunner load, int repetitions) : IAsyncDisposable
{
    private readonly Dictionary<(TargetKind Kind, int Threads), Target> _targets = [];
    private readonly HashSet<(Target Target, int ValueSize)> _filled = [];

    public async Task<RowResult> RunAsync(Row row, CancellationToken cancellationToken)
    {
        var kinds = Enum.GetValues<TargetKind>();
        var streams = kinds.ToDictionary(kind => kind, kind => RequestStream.Build(row.Workload, kind.KeyOwner()));
        var runs = kinds.ToDictionary(kind => kind, _ => new List<Measurement>());
        var failures = new Dictionary<TargetKind, string>();
        for (var repetition = 0; repetition < repetitions; repetition++)
        {
            foreach (var kind in kinds.Where(kind => !failures.ContainsKey(kind)))
            {
                try
                {
                    var target = await GetAsync(kind, row, cancellationToken);
                    runs[kind].Add(await load.MeasureAsync(target, streams[kind], row.Workload.Clients, cancellationToken));
                }
                catch (Exception e) when (e is LoadFailureException or ProvisioningException or SocketException or Win32Exception or IOException)
                {
                    failures.Add(kind, e.Message);
                    await EndAsync(kind, row.Threads);
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

    /// <summary>The target, running and filled.</summary>
    private async Task<Target> GetAsync(TargetKind kind, Row row, CancellationToken cancellationToken)
    {
        if (!_targets.TryGetValue((kind, row.Threads), out var target))
        {
            target = await starter.StartAsync(kind, row.Threads, cancellationToken);
            _targets.Add((kind, row.Threads), target);
        }

        if (_filled.Add((target, row.Workload.ValueSize))) KeySpaceFill.Run(target, row.Workload);
        return target;
    }

    /// <summary>One that failed does not get another row: the next one starts afresh.</summary>
    private async Task EndAsync(TargetKind kind, int threads)
    {
        if (_targets.Remove((kind, threads), out var target)) await target.DisposeAsync();
    }
}
