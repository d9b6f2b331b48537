using System.Net;
using CacheOperator.Integration.Tests.Memcached;
using CacheOperator.Provisioning;
using CacheOperator.Provisioning.Memcached;
using CacheOperator.Proxy.Heat;
using CacheOperator.Proxy.WarmUp;
using CacheOperator.Topology;
using Microsoft.Extensions.Logging.Abstractions;

namespace CacheOperator.Integration.Tests.WarmUp;

/// <summary>Two memcached processes and a supervisor that copies from one to the other.</summary>
internal sealed class CopyBench : IAsyncDisposable
{
    private const string Proxy = "proxy-0";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly CopySupervisor _supervisor;
    private readonly CancellationToken _cancellationToken;
    private long _generation;

    private readonly TimeSpan _latency;
    private readonly Relay _way;

    private CopyBench(MemcachedServer source, MemcachedServer target, CopyLimits limits, TimeSpan latency, CancellationToken cancellationToken)
    {
        (Source, Target, _cancellationToken) = (source, target, cancellationToken);
        _latency = latency;
        _way = new Relay(target.EndPoint, latency);
        _supervisor = new CopySupervisor(Proxy, limits, new ReadHeat(1), TimeProvider.System, new CopyLog(NullLogger.Instance));
    }

    public MemcachedServer Source { get; }

    public MemcachedServer Target { get; }

    public IReadOnlyList<CopyStatus> Statuses => _supervisor.Statuses;

    /// <param name="limits">The copy's; the defaults when null.</param>
    /// <param name="sourceArguments">More arguments of the source.</param>
    /// <param name="targetArguments">More arguments of the target.</param>
    /// <param name="latency">How long the copy's commands take to the target, each way; writers have a shorter way.</param>
    public static async Task<CopyBench> StartAsync(CopyLimits? limits = null, string[]? sourceArguments = null, string[]? targetArguments = null, TimeSpan latency = default)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var program = await MemcachedBinary.EnsureAsync(new TextProgress(Console.Error), cancellationToken);
        var source = await MemcachedServer.StartAsync(program, cancellationToken, arguments: ["-m", "1024", "-t", "1", .. sourceArguments ?? []]);
        var target = await MemcachedServer.StartAsync(program, cancellationToken, arguments: ["-m", "1024", "-t", "1", .. targetArguments ?? []]);
        return new CopyBench(source, target, limits ?? new CopyLimits(), latency, cancellationToken);
    }

    public Task<RawClient> OpenSourceAsync() => RawClient.ConnectAsync(Source.EndPoint, _cancellationToken);

    public Task<RawClient> OpenTargetAsync() => RawClient.ConnectAsync(Target.EndPoint, _cancellationToken);

    public Task<Dictionary<string, StoredItem>> SourceContentsAsync() => Contents.ReadAsync(Source.EndPoint, _cancellationToken);

    public Task<Dictionary<string, StoredItem>> TargetContentsAsync() => Contents.ReadAsync(Target.EndPoint, _cancellationToken);

    /// <summary>Fills the source with small items <c>key:0</c> and so on.</summary>
    public async Task LoadAsync(int count, int size = 100)
    {
        using var connection = await OpenSourceAsync();
        var value = new string('v', size);
        foreach (var chunk in Enumerable.Range(0, count).Chunk(1000))
        {
            await connection.SendAsync(string.Concat(chunk.Select(i => $"ms key:{i} {size} F{i % 7} T{1000 + i} E{1000 + i} q\r\n{value}\r\n")) + "mn\r\n", _cancellationToken);
            Assert.Equal("MN", await connection.ReadLineAsync(_cancellationToken));
        }
    }

    /// <summary>Deletes all that the target holds, while nobody writes.</summary>
    public Task EmptyTargetAsync() => EmptyAsync(Target);

    /// <summary>Deletes all that the source holds, while nobody writes.</summary>
    public Task EmptySourceAsync() => EmptyAsync(Source);

    /// <summary>Assigns a copy, as the operator would.</summary>
    public async Task AssignAsync(long maxBytesPerSecond = 0, string? sourceIncarnation = null) =>
        _supervisor.Apply(await DocumentAsync(
            new CopyAssignment
            {
                Id = $"copy-{_generation + 1}",
                Proxy = Proxy,
                Source = "source",
                Target = "target",
                MaxBytesPerSecond = maxBytesPerSecond,
            },
            sourceIncarnation));

    public async Task UnassignAsync() => _supervisor.Apply(await DocumentAsync(null, null));

    public async Task<CopyStatus> CopyAsync()
    {
        await AssignAsync();
        return await EndAsync();
    }

    public async Task<CopyStatus> EndAsync()
    {
        await Deadline.UntilAsync("the copy ends", Patience, () => Task.FromResult(Statuses.Single().Phase != CopyPhase.Running), () => Statuses.Single().ToString());
        return Statuses.Single();
    }

    public async ValueTask DisposeAsync()
    {
        await _supervisor.DisposeAsync();
        await _way.DisposeAsync();
        await Source.DisposeAsync();
        await Target.DisposeAsync();
    }

    private async Task<TopologyDocument> DocumentAsync(CopyAssignment? copy, string? sourceIncarnation)
    {
        var document = new TopologyDocument
        {
            Cache = "tests/copy",
            Generation = ++_generation,
            Zones = ["a", "b"],
            Members =
            [
                MemberOf("source", "a", Source.EndPoint, MemberState.Ready) with { Incarnation = sourceIncarnation ?? await IncarnationAsync(Source.EndPoint) },
                MemberOf("target", "b", _latency == default ? Target.EndPoint : _way.EndPoint, MemberState.Warming) with { Incarnation = await IncarnationAsync(Target.EndPoint) },
            ],
            Copies = copy is null ? [] : [copy],
        };
        return TopologyJson.ReadTopology(TopologyJson.Write(document));
    }

    // What flush_all leaves of the present second is a matter of luck.
    private async Task EmptyAsync(MemcachedServer member)
    {
        using var connection = await RawClient.ConnectAsync(member.EndPoint, _cancellationToken);
        foreach (var keys in (await Contents.ReadAsync(member.EndPoint, _cancellationToken)).Keys.Chunk(1000))
        {
            await connection.SendAsync(string.Concat(keys.Select(key => $"md {key} q\r\n")) + "mn\r\n", _cancellationToken);
            Assert.Equal("MN", await connection.ReadLineAsync(_cancellationToken));
        }
    }

    private async Task<string> IncarnationAsync(IPEndPoint endPoint)
    {
        using var connection = await RawClient.ConnectAsync(endPoint, _cancellationToken);
        var stats = await connection.StatsAsync(_cancellationToken);
        return Incarnation.Of(long.Parse(stats["pid"]), long.Parse(stats["time"]), long.Parse(stats["uptime"]));
    }

    private static Member MemberOf(string uid, string zone, IPEndPoint endPoint, MemberState state) =>
        new() { Uid = uid, Name = uid, Zone = zone, Shard = 0, Address = endPoint.ToString(), State = state };
}
