namespace CacheOperator.Proxy.Replication;

/// <summary>Operations of one kind and one event loop, used again and again.</summary>
/// <param name="create">Makes one when none is free.</param>
/// <param name="room">How many may be kept, together with those of other kinds.</param>
internal sealed class OperationPool<T>(Func<T> create, PoolRoom room)
    where T : Operation
{
    private readonly Stack<T> _free = new();

    public T Rent()
    {
        if (!_free.TryPop(out var operation)) return create();
        room.Kept--;
        return operation;
    }

    public void Return(T operation)
    {
        if (room.Kept >= PoolRoom.Max) return;
        room.Kept++;
        _free.Push(operation);
    }
}
