using CacheOperator.Proxy.Clients;
using CacheOperator.Proxy.Members;
using CacheOperator.Proxy.Protocol;
using CacheOperator.Proxy.Replication;
using CacheOperator.Proxy.Routing;
using CacheOperator.Topology;

namespace CacheOperator.Proxy.Workers;

/// <summary>Turns the commands of one event loop's clients into operations.</summary>
/// <param name="worker">Whose clients they are.</param>
/// <param name="statistics">For the client command <c>stats</c>.</param>
internal sealed class CommandDispatcher(Worker worker, ClientStatistics statistics)
{
    private readonly MetaDispatcher _meta = new(worker);

    // The answer to every command while none is carried out; null while they are.
    private byte[]? _refusal = Replies.NoTopology;

    /// <summary>Where keys live; null before the first topology.</summary>
    public RouteSet? Routes
    {
        get;
        set
        {
            field = value;
            UpdateRefusal();
        }
    }

    /// <summary>Others act by a newer topology, which this proxy cannot get: what it reads may be old, and what it writes be lost.</summary>
    public bool IsOutdated
    {
        get;
        set
        {
            field = value;
            UpdateRefusal();
        }
    }

    private OperationPools Pools => worker.Pools;

    public void Execute(ClientConnection client, in ClientCommand command)
    {
        worker.Metrics.Commands.Count(command.Kind);
        if (_refusal is { } refusal && command.Kind is not (CommandKind.Quit or CommandKind.Hostile))
        {
            Answer(client, refusal, command.NoReply);
            return;
        }

        switch (command.Kind)
        {
            case CommandKind.Get or CommandKind.Gets or CommandKind.GetAndTouch or CommandKind.GetsAndTouch:
                client.Retrieve(command);
                break;
            case CommandKind.Touch when ItemExpiry.IsPast(command.Exptime, worker.Time.GetUtcNow()):
                worker.Metrics.Touches++;
                Delete(client, command.Key, Replies.Touched, Replies.NotFound, command.NoReply);
                break;
            case CommandKind.Touch:
                Touch(client, command, command.Key, isLast: true);
                break;
            case CommandKind.Set:
                Store(client, command);
                break;
            case CommandKind.Add or CommandKind.Replace or CommandKind.Append or CommandKind.Prepend or CommandKind.Cas or CommandKind.Increment or CommandKind.Decrement:
                Change(client, command);
                break;
            case CommandKind.Delete:
                Delete(client, command.Key, Replies.Deleted, Replies.NotFound, command.NoReply);
                break;
            case CommandKind.TooLarge:
                Delete(client, command.Key, Replies.TooLarge, Replies.TooLarge, command.NoReply);
                break;
            case CommandKind.FlushAll:
                FlushAll(client, command);
                break;
            case CommandKind.MetaNoop:
                client.Reply(Replies.Noop);
                break;
            case CommandKind.MetaGet or CommandKind.MetaSet or CommandKind.MetaTooLarge or CommandKind.MetaDelete or CommandKind.MetaArithmetic or CommandKind.MetaDebug:
                _meta.Execute(client, command, Routes!);
                break;
            case CommandKind.Stats:
                client.Reply(statistics.Reply(command.Key));
                break;
            case CommandKind.Version:
                Answer(client, ServerStatistics.VersionReply, command.NoReply);
                break;
            case CommandKind.Verbosity:
                Answer(client, Replies.Ok, command.NoReply);
                break;
            case CommandKind.Quit:
                client.Leave();
                break;
            case CommandKind.Hostile:
                worker.Metrics.ClientErrors++;
                client.Leave();
                break;
            default:
                worker.Metrics.ClientErrors++;
                Answer(client, command.Reply, command.NoReply);
                break;
        }
    }

    /// <summary>Retrieves the keys of a list, as many as the client may have under way.</summary>
    /// <returns>The rest of the list.</returns>
    public ReadOnlySpan<byte> Retrieve(ClientConnection client, CommandKind kind, int exptime, ReadOnlySpan<byte> list)
    {
        if (kind is CommandKind.Get or CommandKind.Gets && Routes!.Replication.ReadFallback != ReadFallback.OnMiss) return Get(client, list, kind == CommandKind.Gets);
        var touches = kind is CommandKind.GetAndTouch or CommandKind.GetsAndTouch;
        var withVersion = kind is CommandKind.Gets or CommandKind.GetsAndTouch;

        // An expiry in the past makes it a retrieval and a delete.
        var isPast = touches && ItemExpiry.IsPast(exptime, worker.Time.GetUtcNow());
        var command = new ClientCommand { Kind = kind, Exptime = exptime };
        var keys = new KeyList(list);
        while (keys.MoveNext())
        {
            worker.Heat.OnRead(keys.Current);
            if (touches && !isPast) Touch(client, command, keys.Current, keys.IsLast);
            else Read(client, keys.Current, withVersion, keys.IsLast);
            if (isPast) Delete(client, keys.Current, Replies.Deleted, Replies.NotFound, quiet: true);
            if (client.IsOverloaded && !keys.IsLast) return keys.Rest;
        }

        return default;
    }

    /// <summary>Deletes a key that a replica has dropped by itself, for nobody.</summary>
    public void Forget(ReadOnlySpan<byte> key, ulong hash, ReplicaSet replicas)
    {
        var operation = Pools.Deletes.Rent();
        operation.Prepare(client: null, key, hash, replicas, Replies.Deleted, Replies.NotFound);
        operation.Run();
    }

    /// <summary>Gives an item that was read on one replica a new expiry on all of them, for nobody.</summary>
    public void Touch(int exptime, ReadOnlySpan<byte> key, ulong hash, ReplicaSet replicas)
    {
        if (ItemExpiry.IsPast(exptime, worker.Time.GetUtcNow()))
        {
            Forget(key, hash, replicas);
            return;
        }

        var operation = Pools.Touches.Rent();
        operation.Prepare(client: null, new ClientCommand { Kind = CommandKind.Touch, Exptime = exptime }, key, hash, replicas, isLast: true);
        operation.Run();
    }

    private void UpdateRefusal() => _refusal = Routes is null ? Replies.NoTopology : IsOutdated ? Replies.Outdated : null;

    private static void Answer(ClientConnection client, ReadOnlySpan<byte> reply, bool quiet)
    {
        if (!quiet) client.Reply(reply);
    }

    // As many keys at a time as live in one shard, fit in one request, and are allowed.
    private ReadOnlySpan<byte> Get(ClientConnection client, ReadOnlySpan<byte> list, bool withVersion)
    {
        var keys = new KeyList(list);
        int start = 0, end = 0, count = 0, allowed = 0;
        ReplicaSet? replicas = null;
        while (keys.MoveNext())
        {
            worker.Heat.OnRead(keys.Current);
            var next = Routes!.ShardOf(keys.Current);
            var isAdjacent = keys.End - keys.Current.Length == end + 1;
            if (count == 1) allowed = client.Allowance;
            if (count > 0 && (next != replicas || !isAdjacent || keys.End - start > ReadBatch.MaxKeysLength || count >= allowed))
            {
                Get(client, list[start..end], count, replicas!, withVersion, isLast: false);
                if (client.IsOverloaded) return list[end..];
                count = 0;
            }

            if (count++ == 0) start = keys.End - keys.Current.Length;
            (end, replicas) = (keys.End, next);
        }

        Get(client, list[start..end], count, replicas!, withVersion, isLast: true);
        return default;
    }

    private void Get(ClientConnection client, ReadOnlySpan<byte> keys, int count, ReplicaSet replicas, bool withVersion, bool isLast)
    {
        var operation = Pools.Gets.Rent();
        operation.Prepare(client, keys, count, replicas, withVersion, isLast);
        client.Run(operation, quiet: false);
    }

    private void Read(ClientConnection client, ReadOnlySpan<byte> key, bool withVersion, bool isLast)
    {
        var hash = KeyHash.Of(key);
        var operation = Pools.Reads.Rent();
        operation.Prepare(client, key, hash, Routes![hash], withVersion, isLast);
        client.Run(operation, quiet: false);
    }

    private void Touch(ClientConnection client, in ClientCommand command, ReadOnlySpan<byte> key, bool isLast)
    {
        var hash = KeyHash.Of(key);
        var operation = Pools.Touches.Rent();
        operation.Prepare(client, command, key, hash, Routes![hash], isLast);
        client.Run(operation, command.NoReply);
    }

    private void Store(ClientConnection client, in ClientCommand command)
    {
        var hash = KeyHash.Of(command.Key);
        var operation = Pools.Stores.Rent();
        operation.Prepare(client, command, command.Key, hash, Routes![hash]);
        client.Run(operation, command.NoReply);
    }

    private void Change(ClientConnection client, in ClientCommand command)
    {
        var hash = KeyHash.Of(command.Key);
        var operation = Pools.Conditionals.Rent();
        operation.Prepare(client, command.Kind, command, command.Key, hash, Routes![hash]);
        client.Run(operation, command.NoReply);
    }

    private void Delete(ClientConnection client, ReadOnlySpan<byte> key, byte[] found, byte[] notFound, bool quiet)
    {
        var hash = KeyHash.Of(key);
        var operation = Pools.Deletes.Rent();
        operation.Prepare(client, key, hash, Routes![hash], found, notFound);
        client.Run(operation, quiet);
    }

    private void FlushAll(ClientConnection client, in ClientCommand command)
    {
        worker.Metrics.Flushes++;
        var sets = Routes!.Sets;
        for (var i = 0; i < sets.Count; i++)
        {
            var operation = Pools.Flushes.Rent();
            operation.Prepare(client, command.Exptime, sets[i], isLast: i == sets.Count - 1);
            client.Run(operation, command.NoReply);
        }
    }
}
