using CacheOperator.Proxy.Members;
using CacheOperator.Proxy.Routing;
using CacheOperator.Topology;

namespace CacheOperator.Proxy.Replication;

/// <summary>A routing table bound to the connections of one event loop.</summary>
internal sealed class RouteSet
{
    private readonly MemberConnection[][] _members;
    private readonly ReplicaSet[] _shards;

    // Of keys that two shards hold; made when needed, for they may be many. Null when the number of shards is not being changed.
    private readonly Dictionary<(int Owner, int Other), ReplicaSet>? _moves;
    private int _writesUnderWay;
    private Action? _onIdle;

    public RouteSet(RoutingTable table, Func<ReplicaRoute, MemberConnection> connect)
    {
        Table = table;
        Replication = table.Document.Replication;
        _members = [.. table.Shards.Select(routes => routes.Select(connect).ToArray())];
        _shards = [.. Enumerable.Range(0, table.Placement.Owning).Select(shard => new ReplicaSet(this, table.Shards[shard], _members[shard], _members[shard].Length))];
        if (table.Placement.IsChanging) _moves = [];
    }

    public RoutingTable Table { get; }

    public ReplicationSettings Replication { get; }

    public ReplicaSet this[ulong keyHash] => _moves is null ? _shards[JumpHash.Shard(keyHash, _shards.Length)] : Find(keyHash);

    public ReplicaSet ShardOf(ReadOnlySpan<byte> key) => _shards.Length == 1 && _moves is null ? _shards[0] : this[KeyHash.Of(key)];

    /// <summary>Every set that some keys have; a member may be in several.</summary>
    public IReadOnlyList<ReplicaSet> Sets => _moves is null ? _shards : [.. _shards, .. Table.Placement.Moves().Select(move => Find(move.Owner, move.Other))];

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

    private ReplicaSet Find(ulong keyHash) => Find(Table.Placement.OwnerOf(keyHash), Table.Placement.OtherOf(keyHash));

    private ReplicaSet Find(int owner, int other)
    {
        if (owner == other) return _shards[owner];
        if (!_moves!.TryGetValue((owner, other), out var set))
        {
            var members = _members[owner];
            set = new ReplicaSet(this, [.. Table.Shards[owner], .. Table.Shards[other]], [.. members, .. _members[other]], members.Length);
            _moves.Add((owner, other), set);
        }

        return set;
    }
}
