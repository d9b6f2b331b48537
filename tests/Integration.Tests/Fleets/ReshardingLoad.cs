namespace CacheOperator.Integration.Tests.Fleets;

/// <summary>Readers and writers through all proxies, each of which fails at the first answer that is not as it has to be.</summary>
internal sealed class ReshardingLoad : IAsyncDisposable
{
    private readonly IReadOnlyList<RawClient> _clients;
    private readonly IReadOnlyList<SteadyReader> _readers;
    private readonly IReadOnlyList<SteadyWriter> _writers;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _running;

    public ReshardingLoad(IReadOnlyList<RawClient> clients, IReadOnlyList<SteadyReader> readers, IReadOnlyList<SteadyWriter> writers)
    {
        (_clients, _readers, _writers) = (clients, readers, writers);
        _running = [.. readers.Select(reader => Task.Run(() => reader.RunAsync(_stop.Token))), .. writers.Select(writer => Task.Run(() => writer.RunAsync(_stop.Token)))];
    }

    public long Reads => _readers.Sum(reader => reader.Reads);

    public long Commands => _writers.Sum(writer => writer.Commands);

    /// <summary>What the writers' keys hold, at the end.</summary>
    public IEnumerable<KeyValuePair<string, string>> Held => _writers.SelectMany(writer => writer.Held);

    /// <summary>Fails when one of them has failed.</summary>
    public Task CheckAsync() => _running.FirstOrDefault(running => running.IsFaulted) ?? Task.CompletedTask;

    public async Task EndAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var client in _clients) client.Dispose();
        _stop.Dispose();
    }
}
