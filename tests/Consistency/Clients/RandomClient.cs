using System.Net.Sockets;
using CacheOperator.Consistency.Reporting;
using CacheOperator.Fleet;
using CacheOperator.Fleet.Memcached;

namespace CacheOperator.Consistency.Clients;

/// <summary>One client of one proxy: sends pipelines by its script and writes down what comes of them.</summary>
internal sealed class RandomClient(string name, FleetProxy proxy, OperationScript script, Random random, RunClock clock, int pauseMilliseconds) : IDisposable
{
    private const int MaxPipeline = 12;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan ReconnectDelay = TimeSpan.FromMilliseconds(50);
    private RawClient? _connection;
    private ProxyRun _run;

    /// <summary>What it did since the last round.</summary>
    public List<Operation> History { get; private set; } = [];

    /// <summary>Answers that no memcached would give, since the last round.</summary>
    public List<string> WrongAnswers { get; } = [];

    public List<Operation> TakeHistory()
    {
        var history = History;
        History = [];
        return history;
    }

    /// <param name="stop">Ends it after the pipeline that is under way.</param>
    /// <param name="cancellationToken">Ends it at once.</param>
    public async Task RunAsync(CancellationToken stop, CancellationToken cancellationToken)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await ConnectAsync(cancellationToken);
                await ConverseAsync([.. Enumerable.Range(0, random.Next(1, MaxPipeline)).Select(_ => script.Next())], cancellationToken);
                await Task.Delay(random.Next(1, 2 * pauseMilliseconds), cancellationToken);
            }
            catch (InvalidDataException e)
            {
                WrongAnswers.Add($"{name} through {_run}: {e.Message}");
                Dispose();
            }
            catch (Exception e) when (e is SocketException or IOException or TimeoutException
                || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                Dispose();
                await Task.Delay(ReconnectDelay, cancellationToken);
            }
        }
    }

    public void Dispose()
    {
        _connection?.Dispose();
        _connection = null;
    }

    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        if (_connection is not null) return;
        _run = new ProxyRun(proxy.Name, proxy.Starts);
        _connection = await RawClient.ConnectAsync(proxy.EndPoint, cancellationToken);
    }

    private async Task ConverseAsync(IReadOnlyList<Command> commands, CancellationToken cancellationToken)
    {
        var began = clock.Now;
        foreach (var operation in commands.SelectMany(command => command.Operations))
        {
            (operation.Client, operation.Proxy, operation.Began) = (name, _run, began);
            History.Add(operation);
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        await _connection!.SendAsync(string.Concat(commands.Select(command => command.Request)), patience.Token);
        foreach (var command in commands)
        {
            await Answers.TakeAsync(_connection, command, () => clock.Now, patience.Token);
            foreach (var operation in command.Operations) script.Take(operation);
        }
    }
}
