using CacheOperator.Proxy.Protocol;
using CacheOperator.Proxy.Replication;
using CacheOperator.Proxy.Routing;

namespace CacheOperator.Proxy.Clients;

/// <summary>
/// Which of a client's commands have to wait for earlier ones: operations that are decided in one place and spread
/// afterwards would be overtaken by a later command for their key, and reads that must be asked again elsewhere would find
/// what a later command has changed.
/// </summary>
internal sealed class PipelineOrder
{
    private List<Operation>? _ordered;
    private int _reads;
    private HashFilter _readKeys;

    public void Add(Operation operation)
    {
        if (operation.IsOrdered) (_ordered ??= []).Add(operation);
        if (!operation.IsRead) return;
        _reads++;
        if (_readKeys.IsInUse) operation.AddKeys(ref _readKeys);
    }

    public void Remove(Operation operation)
    {
        if (operation.IsOrdered) _ordered!.Remove(operation);
        if (operation.IsRead && --_reads == 0) _readKeys = default;
    }

    /// <param name="command">What comes next.</param>
    /// <param name="first">The first of the operations that wait to be answered.</param>
    public bool MustWait(in ClientCommand command, Operation? first)
    {
        var changes = _reads > 0 && command.ChangesItems;
        if (!changes && _ordered is not { Count: > 0 }) return false;
        if (command.Kind == CommandKind.FlushAll) return true;
        var reads = changes ? first : null;
        if (command.Meta.IsBinaryKey) return MustWait(default, command.KeyHash, reads);
        foreach (var key in new KeyList(command.Key))
        {
            if (MustWait(key, KeyHash.Of(key), reads)) return true;
        }

        return false;
    }

    private bool MustWait(ReadOnlySpan<byte> key, ulong hash, Operation? reads)
    {
        for (var i = 0; i < _ordered?.Count; i++)
        {
            if (_ordered[i].Hash == hash) return true;
        }

        return IsBeingRead(key, hash, reads);
    }

    // The filter is kept from the first change among reads on, so that a pipeline of both is not searched for every change.
    private bool IsBeingRead(ReadOnlySpan<byte> key, ulong hash, Operation? first)
    {
        if (first is not null && !_readKeys.IsInUse) BeginFilter(first);
        if (!_readKeys.MayContain(hash)) return false;
        for (var operation = first; operation is not null; operation = operation.Next)
        {
            if (operation is { IsRead: true, IsDone: false } && operation.Reads(key, hash)) return true;
        }

        return false;
    }

    private void BeginFilter(Operation first)
    {
        _readKeys.Begin();
        for (var operation = first; operation is not null; operation = operation.Next)
        {
            if (operation.IsRead) operation.AddKeys(ref _readKeys);
        }
    }
}
