using CacheOperator.Operator.Runtime.LeaderElection;
using CacheOperator.Operator.Runtime.Metrics;
using CacheOperator.Operator.Tests.Runtime.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace CacheOperator.Operator.Tests.Runtime.LeaderElection;

/// <summary>A process that runs for the lease until stopped, and whose work takes a moment to end.</summary>
internal sealed class Candidate : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly LeaderElector _elector;
    private readonly Task _run;
    private int _working;

    /// <param name="able">Completes when it may lead; null for at once.</param>
    public Candidate(FakeApiServer server, string identity, TimeProvider time, Action<LeaderElectionOptions>? configure = null, Task? able = null)
    {
        var options = new LeaderElectionOptions { Identity = identity, Namespace = "ops" };
        configure?.Invoke(options);
        var metrics = new RuntimeMetrics(Prometheus.Metrics.NewCustomRegistry());
        _elector = new LeaderElector(server.Client(time), options, time, metrics, NullLogger<LeaderElector>.Instance);
        _run = RunAsync(able ?? Task.CompletedTask);
    }

    public bool IsLeader => _elector.IsLeader;

    /// <summary>True while the leader's work runs.</summary>
    public bool IsWorking => Volatile.Read(ref _working) > 0;

    public int Terms { get; private set; }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _run;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task RunAsync(Task able)
    {
        if (!able.IsCompleted) await _elector.LookAsync(_stop.Token);
        await able;
        await _elector.RunAsync(WorkAsync, _stop.Token);
    }

    private async Task WorkAsync(CancellationToken term)
    {
        Terms++;
        Assert.Equal(1, Interlocked.Increment(ref _working));
        await Task.Delay(Timeout.Infinite, term).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.Yield();
        Interlocked.Decrement(ref _working);
    }
}
