using CacheOperator.Proxy.Clients;
using CacheOperator.Proxy.Protocol;
using CacheOperator.Proxy.Replication;

namespace CacheOperator.Proxy.Workers;

/// <summary>Turns the meta commands of one event loop's clients into operations.</summary>
internal sealed class MetaDispatcher(Worker worker)
{
    private OperationPools Pools => worker.Pools;

    public void Execute(ClientConnection client, in ClientCommand command, RouteSet routes)
    {
        Span<byte> buffer = stackalloc byte[Operation.MaxKeyLength];
        var writer = new SpanWriter(buffer);
        writer.Write(command.Key);
        if (command.Meta.IsBinaryKey) writer.Write(" b"u8);
        var key = buffer[..writer.Length];
        var hash = command.KeyHash;
        var replicas = routes[hash];
        if (command.Kind == CommandKind.MetaGet) worker.Heat.OnRead(hash);
        switch (command.Kind)
        {
            case CommandKind.MetaGet when command.Meta.Vivifies || command.Meta.Recaches:
                Fetch(client, command, key, hash, replicas);
                break;
            case CommandKind.MetaGet when command.Meta.Exptime is { } exptime:
                Touch(client, command, exptime, key, hash, replicas);
                break;
            case CommandKind.MetaGet or CommandKind.MetaDebug:
                Read(client, command, key, hash, replicas);
                break;
            case CommandKind.MetaSet when SetKind(command.Meta) is var kind && kind != CommandKind.Set:
                Change(client, kind, command, key, hash, replicas);
                break;
            case CommandKind.MetaSet:
                var store = Pools.Stores.Rent();
                store.Prepare(client, command, key, hash, replicas);
                client.Run(store, quiet: false);
                break;
            case CommandKind.MetaArithmetic:
                Change(client, command.Meta.Mode is (byte)'D' or (byte)'-' ? CommandKind.Decrement : CommandKind.Increment, command, key, hash, replicas);
                break;
            case CommandKind.MetaDelete when command.Meta.Invalidates || command.Meta.RemovesValue:
                Change(client, CommandKind.MetaMark, command, key, hash, replicas);
                break;
            case CommandKind.MetaDelete when command.Meta.Compare is not null:
                Change(client, CommandKind.MetaRemove, command, key, hash, replicas);
                break;
            case CommandKind.MetaDelete:
                var delete = Pools.Deletes.Rent();
                delete.Prepare(client, command, key, hash, replicas);
                client.Run(delete, quiet: false);
                break;
            case CommandKind.MetaTooLarge:
                Delete(client, key, hash, replicas, Replies.TooLarge, Replies.TooLarge, quiet: false);
                break;
        }
    }

    private static CommandKind SetKind(in MetaFlags flags) => flags.Mode switch
    {
        (byte)'E' => CommandKind.Add,
        (byte)'A' => CommandKind.Append,
        (byte)'P' => CommandKind.Prepend,
        _ when flags.Compare is not null => CommandKind.Cas,
        (byte)'R' => CommandKind.Replace,
        _ => CommandKind.Set,
    };

    private void Read(ClientConnection client, in ClientCommand command, ReadOnlySpan<byte> key, ulong hash, ReplicaSet replicas)
    {
        var operation = Pools.Reads.Rent();
        operation.Prepare(client, command, key, hash, replicas);
        client.Run(operation, quiet: false);
    }

    private void Fetch(ClientConnection client, in ClientCommand command, ReadOnlySpan<byte> key, ulong hash, ReplicaSet replicas)
    {
        var operation = Pools.Fetches.Rent();
        operation.Prepare(client, command, key, hash, replicas);
        client.Run(operation, quiet: false);
    }

    // An expiry in the past makes it a retrieval and a delete.
    private void Touch(ClientConnection client, in ClientCommand command, int exptime, ReadOnlySpan<byte> key, ulong hash, ReplicaSet replicas)
    {
        if (ItemExpiry.IsPast(exptime, worker.Time.GetUtcNow()))
        {
            Read(client, command, key, hash, replicas);
            Delete(client, key, hash, replicas, Replies.Deleted, Replies.NotFound, quiet: true);
            return;
        }

        var operation = Pools.Touches.Rent();
        operation.Prepare(client, command, key, hash, replicas, isLast: true);
        client.Run(operation, quiet: false);
    }

    private void Change(ClientConnection client, CommandKind kind, in ClientCommand command, ReadOnlySpan<byte> key, ulong hash, ReplicaSet replicas)
    {
        var operation = Pools.Conditionals.Rent();
        operation.Prepare(client, kind, command, key, hash, replicas);
        client.Run(operation, quiet: false);
    }

    private void Delete(ClientConnection client, ReadOnlySpan<byte> key, ulong hash, ReplicaSet replicas, byte[] found, byte[] notFound, bool quiet)
    {
        var operation = Pools.Deletes.Rent();
        operation.Prepare(client, key, hash, replicas, found, notFound);
        client.Run(operation, quiet);
    }
}
