using CacheOperator.Proxy.Replication;

namespace CacheOperator.Proxy.Clients;

/// <summary>A client's operations in the order in which they are answered: a list linked through themselves.</summary>
internal struct AnswerQueue
{
    private Operation? _last;

    public Operation? First { get; private set; }

    /// <param name="operation">Comes last.</param>
    /// <param name="silent">Whether it takes its turn without a word.</param>
    public void Add(Operation operation, bool silent)
    {
        (operation.IsQueued, operation.IsSilent) = (true, silent);
        if (_last is null) First = operation;
        else _last.Next = operation;
        _last = operation;
    }

    /// <summary>Takes the first one out.</summary>
    public void Remove()
    {
        First = First!.Next;
        if (First is null) _last = null;
    }
}
