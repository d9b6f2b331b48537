using System.Net;
using CacheOperator.Proxy.Admin;
using CacheOperator.Proxy.Clients;
using CacheOperator.Proxy.Configuration;
using CacheOperator.Proxy.Heat;
using CacheOperator.Proxy.Hints;
using CacheOperator.Proxy.Reconciliation;
using CacheOperator.Proxy.Replication;
using CacheOperator.Proxy.Topology;
using CacheOperator.Proxy.WarmUp;
using CacheOperator.Proxy.Workers;
using CacheOperator.Topology;

namespace CacheOperator.Proxy;

/// <summary>A whole proxy in this process.</summary>
internal sealed class ProxyServer : IAsyncDisposable
{
    private readonly ProxySettings _settings;
    private readonly TimeProvider _time;
    private readonly DateTimeOffset _startedAt;
    private readonly List<Worker> _workers = [];
    private readonly Lifecycle _lifecycle = new();
    private readonly ICopySupervisor _copies;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TopologyLog _topologyLog;
    private readonly ServerLog _log;
    private readonly HintSettler _hints;
    private readonly Reconciler _reconciler;
    private Task _fileSource = Task.CompletedTask;
    private Task _fence = Task.CompletedTask;
    private Task _settling = Task.CompletedTask;
    private Task _reconciling = Task.CompletedTask;

    public ProxyServer(ProxySettings settings, ReadHeat heat, ICopySupervisor copies, ILoggerFactory loggers, TimeProvider time)
    {
        (_settings, _copies, _time, _startedAt) = (settings, copies, time, time.GetUtcNow());
        _log = new ServerLog(loggers.CreateLogger("CacheOperator.Proxy"));
        _topologyLog = new TopologyLog(loggers.CreateLogger("CacheOperator.Proxy.Topology"));
        var workerLog = new WorkerLog(loggers.CreateLogger("CacheOperator.Proxy.Workers"));
        var clock = new VersionClock(time);
        var newer = new NewerGenerations(settings.FenceAfter, time);
        var limit = new ClientLimit(settings.MaxClients);
        var statistics = new ClientStatistics(Statistics);
        for (var i = 0; i < settings.Loops; i++) _workers.Add(new Worker(i, settings, clock, newer, limit, heat[i], time, statistics, workerLog));
        Topology = new TopologyStore(settings, _workers, clock, newer, copies, time, _topologyLog);
        _hints = new HintSettler(Topology, settings, time, new HintLog(loggers.CreateLogger("CacheOperator.Proxy.Hints")));
        _reconciler = new Reconciler(Topology, settings, time, new ReconciliationLog(loggers.CreateLogger("CacheOperator.Proxy.Reconciliation")));
        Reporter = new StatusReporter(settings, Topology, copies, Statistics, _lifecycle);
        Admin = new AdminServer(settings, Topology, Reporter, new MetricsReport(settings, Topology, Reporter, _reconciler.Counters, Statistics));
    }

    public TopologyStore Topology { get; }

    public StatusReporter Reporter { get; }

    public AdminServer Admin { get; }

    public IReadOnlyList<Worker> Workers => _workers;

    /// <summary>Where clients connect, once started.</summary>
    public IPEndPoint EndPoint { get; private set; } = new(IPAddress.None, 0);

    /// <summary>Starts the data path first: clients need not wait for the web server.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        EndPoint = _settings.Listen;
        foreach (var worker in _workers) EndPoint = worker.Start(EndPoint);
        if (_settings.TopologyFile is { } file) _fileSource = new TopologyFileSource(file, Topology, _time, _topologyLog).RunAsync(_stopping.Token);
        _fence = new TopologyFence(Topology, _time, _topologyLog).RunAsync(_stopping.Token);
        _settling = _hints.RunAsync(_stopping.Token);
        _reconciling = _reconciler.RunAsync(_stopping.Token);
        await Admin.StartAsync(cancellationToken);
        _log.Started(_settings.Name, EndPoint, Admin.AdminEndPoint, Admin.MetricsEndPoint);
    }

    /// <summary>Lame duck: not ready but serving for the drain delay, then what is under way is finished and clients are closed.</summary>
    /// <param name="hurry">Cuts it short.</param>
    public async Task DrainAsync(CancellationToken hurry)
    {
        _lifecycle.IsDraining = true;
        _log.Draining(_settings.DrainDelay, _settings.DrainTimeout);
        try
        {
            await Task.Delay(_settings.DrainDelay, _time, hurry);
            await Task.WhenAll(_workers.Select(DrainAsync)).WaitAsync(_settings.DrainTimeout, _time, hurry);
            await _hints.FinishAsync(hurry);
        }
        catch (TimeoutException)
        {
            _log.DrainTimedOut(Statistics().Total.Connections);
        }
        catch (OperationCanceledException)
        {
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _fileSource.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _fence.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _settling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _reconciling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Admin.DisposeAsync();
        await _copies.DisposeAsync();
        foreach (var worker in _workers) worker.Dispose();
        Topology.Dispose();
        _stopping.Dispose();
    }

    private static Task DrainAsync(Worker worker)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        worker.Drain(done.SetResult);
        return done.Task;
    }

    private ServerStatistics Statistics() => new()
    {
        StartedAt = _startedAt,
        Now = _time.GetUtcNow(),
        Loops = _workers.Count,
        HeldBytes = _workers.Sum(w => w.Loop.Buffers.Rented),
        FreeBytes = _workers.Sum(w => w.Loop.Buffers.Free),
        RequestsUnderWay = _workers.Sum(w => w.Memory.Requests),
        CongestedMembers = _workers.Sum(w => w.Turns.CongestedMembers),
        Total = WorkerMetrics.Sum(_workers.Select(w => w.Metrics)),
        Copy = Topology.Current?.CopyStatistics() ?? new MemberStatistics(),
    };
}
