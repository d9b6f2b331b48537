using CacheOperator.Provisioning;
using CacheOperator.Provisioning.Processes;

namespace CacheOperator.Testbed.Load;

/// <summary>A load client at work. Disposing ends it at once.</summary>
public sealed class RunningLoad : IAsyncDisposable
{
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(15);
    private readonly BackgroundProcess _process;

    internal RunningLoad(BackgroundProcess process) => _process = process;

    /// <summary>The reports so far, one a second.</summary>
    /// <exception cref="ProvisioningException">The client ended by itself.</exception>
    public IReadOnlyList<LoadReport> Seconds()
    {
        var reports = Read().Where(r => !r.Final).ToList();
        return _process.HasExited ? throw new ProvisioningException($"the load client ended: {string.Join('\n', Lines().TakeLast(20))}") : reports;
    }

    /// <summary>The sum of the reports that ended after <paramref name="start"/>.</summary>
    public LoadReport Since(DateTimeOffset start) =>
        LoadReport.Sum([.. Seconds().Where(r => r.Time > start.ToUnixTimeMilliseconds() / 1000.0)]);

    /// <summary>Waits until it has worked for <paramref name="count"/> more seconds and returns their sum.</summary>
    public async Task<LoadReport> ObserveAsync(int count, CancellationToken cancellationToken)
    {
        var first = Seconds().Count;
        IReadOnlyList<LoadReport> seconds;
        while ((seconds = Seconds()).Count < first + count) await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
        return LoadReport.Sum([.. seconds.Skip(first).Take(count)]);
    }

    /// <summary>Lets it finish what it is doing and returns what it counted in all.</summary>
    public async Task<LoadReport> StopAsync(CancellationToken cancellationToken)
    {
        await _process.StopAsync(StopGrace, cancellationToken);
        return Read().LastOrDefault(r => r.Final)
            ?? throw new ProvisioningException($"the load client left no final report: {string.Join('\n', Lines().TakeLast(20))}");
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private IEnumerable<LoadReport> Read() => Lines().Select(LoadClient.Parse).OfType<LoadReport>();

    private string[] Lines() => File.Exists(_process.LogFile) ? File.ReadAllLines(_process.LogFile) : [];
}
