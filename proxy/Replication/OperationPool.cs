namespace CacheOperator.Proxy.Replication;

/// <summary>Operations of one kind and one event loop, used again and again.</summary>
internal sealed class OperationPool<T>(Func<T> create)
    where T : Operation
{
    // More would only be the memory of a past peak.
    private const int Retained = 16 << 10;

    private readonly Stack<T> _free = new();

    public T Rent() => _free.TryPop(out var operation) ? operation : create();

    public void Return(T operation)
    {
        if (_free.Count < Retained) _free.Push(operation);
    }
}
