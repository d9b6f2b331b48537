using System.Net;
using CacheOperator.Operator.Topology;
using CacheOperator.Provisioning.Memcached;

namespace CacheOperator.Fleet;

/// <summary>A member's process, and who it is.</summary>
internal sealed class FleetMember(string uid, string zone, int shard, MemcachedServer server) : IAsyncDisposable
{
    public string Uid { get; } = uid;

    public string Zone { get; } = zone;

    public int Shard { get; } = shard;

    /// <summary>The same for those that take each other's place, as a StatefulSet's pods have it.</summary>
    public string Name => $"{Zone}-{Shard}";

    public IPEndPoint EndPoint => server.EndPoint;

    public int ProcessId => server.Process.Id;

    public bool IsRunning => !server.Process.HasExited;

    /// <summary>It is about to be taken away, as a pod that is being deleted.</summary>
    public bool IsLeaving { get; set; }

    public Task KillAsync() => server.Process.KillAsync();

    /// <summary>Stops answering without closing anything, as a machine that hangs.</summary>
    public Task FreezeAsync(CancellationToken cancellationToken) => server.Process.SignalAsync("STOP", cancellationToken);

    public Task ThawAsync(CancellationToken cancellationToken) => server.Process.SignalAsync("CONT", cancellationToken);

    /// <summary>Another process at the same address under the same UID, as a restarted container.</summary>
    public Task RestartInPlaceAsync(CancellationToken cancellationToken) => server.RestartAsync(cancellationToken);

    /// <summary>As the planner is shown pods.</summary>
    public ObservedMember Observe() => new() { Uid = Uid, Name = Name, Zone = Zone, Shard = Shard, Address = EndPoint.ToString(), Terminating = IsLeaving };

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
