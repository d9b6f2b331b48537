namespace CacheOperator.Proxy.Members;

/// <summary>The requests of one connection that are not answered yet, oldest first: a ring that grows and never shrinks.</summary>
internal sealed class PendingReplies
{
    private Entry[] _ring = new Entry[64];
    private int _head;
    private int _slow;

    public int Count { get; private set; }

    /// <summary>Whether one of them has been found slow, and nothing has been answered since.</summary>
    public bool IsSlow { get; private set; }

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
        IsSlow = false;
        if (_slow > 0) _slow--;
        return entry;
    }

    /// <summary>Tells each of those that were sent by then, once, that its reply is slow.</summary>
    public void FindSlow(long sentBy)
    {
        // They wait in order: the first one that is young enough ends the search.
        for (; _slow < Count && this[_slow].SentAt <= sentBy; _slow++)
        {
            IsSlow = true;
            this[_slow].Target.OnSlow();
        }
    }

    /// <summary>None will be answered.</summary>
    public void Fail()
    {
        while (Count > 0)
        {
            var entry = Dequeue();
            entry.Target.Fail(entry.Replica, entry.Tag);
        }
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
