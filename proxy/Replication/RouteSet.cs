using CacheOperator.Proxy.Members;
using CacheOperator.Proxy.Routing;
using CacheOperator.Topology;

namespace CacheOperator.Proxy.Replication;

/// <summary>A routing table bound to the connections of one event loop.</summary>
internal sealed class RouteSet
{
    private readonly ReplicaSet[] _shards;
    private int _writesUnderWay;
    private Action? _onIdle;

    public RouteSet(RoutingTable table, Func<ReplicaRoute, MemberConnection> connect)
    {
        Table = table;
        Replication = table.Document.Replication;
        _shards = [.. table.Shards.Select(routes => new ReplicaSet(this, routes, [.. routes.Select(connect)]))];
    }

    public RoutingTable Table { get; }

    public ReplicationSettings Replication { get; }

    public ReplicaSet this[ulong keyHash] => _shards[JumpHash.Shard(keyHash, _shards.Length)];

    public ReplicaSet ShardOf(ReadOnlySpan<byte> key) => _shards.Length == 1 ? _shards[0] : this[KeyHash.Of(key)];

    public IReadOnlyList<ReplicaSet> Shards => _shards;

    public void BeginWrite() => _writesUnderWay++;

    public void EndWrite()
    {
        if (--_writesUnderWay == 0 && _onIdle is { } onIdle)
        {
            _onIdle = null;
            onIdle();
        }
    }

    /// <summary>Calls back when no write that was routed by this set is under way any more.</summary>
    public void WhenIdle(Action callback)
    {
        if (_writesUnderWay == 0)
        {
            callback();
        }
        else
        {
            _onIdle = callback;
        }
    }
}
