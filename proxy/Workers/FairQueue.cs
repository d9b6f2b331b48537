namespace CacheOperator.Proxy.Workers;

/// <summary>
/// Who is next of those that wait. Those that are known are in the order of where their turns would end, counted in what each
/// has had (weighted fair queueing): whoever asks for little goes before whoever asks for much. Nothing is known of
/// newcomers, which may be the same ones thrown out and come back: they are in a line of their own, and get one turn in
/// <see cref="NewcomersTurn"/> while others wait.
/// </summary>
internal sealed class FairQueue<T>
{
    public const int NewcomersTurn = 4;

    private readonly PriorityQueue<(T Item, long Begin), (long End, long Order)> _known = new();
    private readonly Queue<T> _newcomers = new();
    private long _order;
    private int _turns;

    public int Count => _known.Count + _newcomers.Count;

    /// <summary>Where the latest turn began; never less than before.</summary>
    public long Now { get; private set; }

    public void Add(T item, TurnPlace place) => _known.Enqueue((item, place.Begin), (place.End, _order++));

    public void AddNewcomer(T item) => _newcomers.Enqueue(item);

    public bool TryTake(out T item)
    {
        if (_newcomers.Count > 0 && (_known.Count == 0 || ++_turns % NewcomersTurn == 0))
        {
            item = _newcomers.Dequeue();
            return true;
        }

        var isAny = _known.TryDequeue(out var next, out _);
        if (isAny) Now = Math.Max(Now, next.Begin);
        item = next.Item;
        return isAny;
    }
}
