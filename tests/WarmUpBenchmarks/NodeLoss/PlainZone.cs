using System.Net;
using CacheOperator.Provisioning.Memcached;
using CacheOperator.WarmUpBenchmarks.Clients;
using CacheOperator.WarmUpBenchmarks.Members;

namespace CacheOperator.WarmUpBenchmarks.NodeLoss;

/// <summary>
/// Clients that read memcached themselves. A stand-in for what is done without this project: with a neighbour it does what mcrouter's WarmUpRoute does, in its
/// simplest form (no expiries, no deletions that could be undone), without mcrouter's own cost.
/// </summary>
internal sealed class PlainZone : IZone
{
    private readonly MemcachedServer _member;
    private readonly MemcachedServer _other;

    private PlainZone(MemcachedServer member, MemcachedServer other, bool lazy)
    {
        (_member, _other, Variant) = (member, other, lazy ? LossVariant.Lazy : LossVariant.Nothing);
        Cache = new Lane(member.EndPoint, LossRunner.Connections);
        Neighbour = lazy ? new Lane(other.EndPoint, LossRunner.Connections) : null;
    }

    public static async Task<PlainZone> StartAsync(string memcached, CopyCase work, bool lazy, CancellationToken cancellationToken)
    {
        string[] arguments = ["-t", "1", "-m", $"{work.MemoryMegabytes}"];
        var member = await MemcachedServer.StartAsync(memcached, cancellationToken, arguments: arguments);
        var other = await MemcachedServer.StartAsync(memcached, cancellationToken, arguments: arguments);
        foreach (var server in (MemcachedServer[])[member, other]) await Task.Run(() => SourceFill.Run(server.EndPoint, work), cancellationToken);
        return new PlainZone(member, other, lazy);
    }

    public LossVariant Variant { get; }

    public Lane Cache { get; }

    public Lane? Neighbour { get; }

    public IPEndPoint? Member => _member.Process.HasExited ? null : _member.EndPoint;

    public bool IsReady => Member is not null;

    public Task LoseAsync() => _member.Process.KillAsync();

    public Task ReplaceAsync(CancellationToken cancellationToken) => _member.RestartAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _member.DisposeAsync();
        await _other.DisposeAsync();
    }
}
