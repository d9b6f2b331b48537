using CacheOperator.Topology;

namespace CacheOperator.Proxy.Topology;

/// <summary>
/// Applies the topology file whenever its contents change. It reads the whole file every second: a mounted ConfigMap is
/// swapped by symbolic links, which no file watcher follows, and the file is small.
/// </summary>
internal sealed class TopologyFileSource(string path, TopologyStore store, TimeProvider time, TopologyLog log)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private byte[]? _last;
    private string? _lastFault;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            await ReadAsync(cancellationToken);
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var content = await File.ReadAllBytesAsync(path, cancellationToken);
            if (_last is not null && content.AsSpan().SequenceEqual(_last)) return;
            _last = content;
            await store.ApplyAsync(TopologyJson.ReadTopology(content), cancellationToken);
            _lastFault = null;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            if (e.Message == _lastFault) return;
            _lastFault = e.Message;
            log.FileFault(path, e.Message);
        }
    }
}
