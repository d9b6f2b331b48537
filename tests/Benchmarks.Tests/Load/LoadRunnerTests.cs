using CacheOperator.Benchmarks.Load;
using CacheOperator.Benchmarks.Targets;
using CacheOperator.Provisioning;
using CacheOperator.Provisioning.Memcached;

namespace CacheOperator.Benchmarks.Tests.Load;

/// <summary>Against a real memcached.</summary>
public sealed class LoadRunnerTests : IAsyncLifetime
{
    private static readonly Workload Work = new() { Mix = Mix.OneToNine, Pipeline = 4, Clients = 3, ValueSize = 4096 };
    private readonly LoadRunner _runner = new(new BenchmarkOptions { Repetitions = 1, Interval = TimeSpan.FromSeconds(0.2), WarmUp = TimeSpan.FromSeconds(0.1) });
    private TargetStarter _starter = null!;
    private Target _target = null!;

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var memcached = await MemcachedBinary.EnsureAsync(new TextProgress(Console.Error), CancellationToken);
        _starter = new TargetStarter(new Programs(memcached, Twemproxy: "", CacheProxy: ""), members: []);
        _target = await _starter.StartAsync(TargetKind.Memcached, threads: 1, CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _target.DisposeAsync();
        _starter.Dispose();
    }

    [Fact]
    public async Task A_filled_memcached_is_measured()
    {
        KeySpaceFill.Run(_target, Work);
        var measurement = await _runner.MeasureAsync(_target, RequestStream.Build(Work, _target.Kind.KeyOwner()), Work.Clients, CancellationToken);
        Assert.True(measurement.Throughput > 100);
        Assert.InRange(measurement.CpuPerOperation, 0.01, 10_000);
        Assert.InRange(measurement.P50, 1, measurement.P999);
        Assert.InRange(measurement.GeneratorBusy, 0.001, 1.1);
        Assert.True(measurement.Memory > 16 << 20, "it holds the values");
    }

    [Fact]
    public async Task A_missing_key_is_a_failure()
    {
        var failure = await Assert.ThrowsAsync<LoadFailureException>(
            () => _runner.MeasureAsync(_target, RequestStream.Build(Work with { Mix = Mix.Get }, 'x'), Work.Clients, CancellationToken));
        Assert.Contains("got \"END", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Operations_that_the_members_did_not_see_are_a_failure()
    {
        KeySpaceFill.Run(_target, Work);
        // One that claims to write three copies, as a proxy would.
        var pretender = _target with { Kind = TargetKind.BuiltInProxy };
        var failure = await Assert.ThrowsAsync<LoadFailureException>(
            () => _runner.MeasureAsync(pretender, RequestStream.Build(Work, _target.Kind.KeyOwner()), Work.Clients, CancellationToken));
        Assert.StartsWith("the members count", failure.Message, StringComparison.Ordinal);
    }
}
