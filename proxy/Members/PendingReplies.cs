namespace CacheOperator.Proxy.Members;

/// <summary>The requests of one connection that are not answered yet, oldest first: a ring that grows and never shrinks.</summary>
internal sealed class PendingReplies
{
    private Entry[] _ring = new Entry[64];
    private int _head;

    public int Count { get; private set; }

    /// <param name="index">0 is the oldest.</param>
    public ref readonly Entry this[int index] => ref _ring[(_head + index) & (_ring.Length - 1)];

    public void Enqueue(Entry entry)
    {
        if (Count == _ring.Length) Grow();
        _ring[(_head + Count++) & (_ring.Length - 1)] = entry;
    }

    public Entry Dequeue()
    {
        var entry = _ring[_head];
        _ring[_head] = default;
        _head = (_head + 1) & (_ring.Length - 1);
        Count--;
        return entry;
    }

    private void Grow()
    {
        var larger = new Entry[_ring.Length * 2];
        for (var i = 0; i < Count; i++) larger[i] = this[i];
        (_ring, _head) = (larger, 0);
    }

    /// <param name="Target">Who waits.</param>
    /// <param name="SentAt">Loop time in milliseconds.</param>
    /// <param name="Replica">Handed back with the reply.</param>
    /// <param name="Tag">Handed back with the reply.</param>
    internal readonly record struct Entry(ReplyTarget Target, long SentAt, byte Replica, byte Tag);
}
