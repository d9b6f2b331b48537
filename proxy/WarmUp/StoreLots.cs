namespace CacheOperator.Proxy.WarmUp;

/// <summary>
/// What the target has been told to store and has not answered for. It answers for a lot at a time, and names only what it did not store: an answer
/// for each item would cost both sides more than storing it.
/// </summary>
/// <param name="digest">Gets what the target holds now.</param>
internal sealed class StoreLots(CopyDigest digest)
{
    /// <summary>Items in a lot, at most.</summary>
    public const int LargestLot = 512;

    private readonly Queue<DigestMark> _marks = new();
    private readonly Queue<(int Items, long Bytes)> _closed = new();
    private readonly List<int> _present = [];
    private int _refused;
    private int _openItems;
    private long _openBytes;
    private (long Items, long Bytes) _stored;

    /// <summary>Items that are not answered for, in the open lot or a closed one.</summary>
    public int UnderWay => _marks.Count;

    /// <summary>Items of the lot that is still open.</summary>
    public int Open => _openItems;

    /// <summary>Returns the item's number in its lot.</summary>
    public int Add(DigestMark mark, int bytes)
    {
        _marks.Enqueue(mark);
        _openBytes += bytes;
        return _openItems++;
    }

    /// <summary>Ends the open lot: the target is asked to say when it has come so far.</summary>
    public void Close()
    {
        _closed.Enqueue((_openItems, _openBytes));
        (_openItems, _openBytes) = (0, 0);
    }

    /// <summary>The target holds an item under the key already; that one stays.</summary>
    /// <param name="number">The item's in its lot.</param>
    public void IsPresent(int number) => _present.Add(number);

    /// <summary>The target did not store one of the lot, and does not say which.</summary>
    public void IsRefused() => _refused++;

    /// <summary>The target has come to the end of the next lot.</summary>
    /// <returns>False: there is none.</returns>
    public bool TryEnd()
    {
        if (!_closed.TryDequeue(out var lot))
            return false;
        var nextPresent = 0;
        for (var number = 0; number < lot.Items; number++)
        {
            var mark = _marks.Dequeue();
            if (nextPresent < _present.Count && _present[nextPresent] == number)
                nextPresent++;
            else if (_refused == 0) // Else nobody knows what is there: all of the lot is left to be looked for.
                digest.Add(mark);
        }

        var items = lot.Items - _present.Count - _refused;
        _stored = (_stored.Items + items, _stored.Bytes + (lot.Items == 0 ? 0 : lot.Bytes * items / lot.Items));
        _present.Clear();
        _refused = 0;
        return true;
    }

    /// <summary>What was stored since it was last asked, and the bytes of that: where a lot was stored in part, about.</summary>
    public (long Items, long Bytes) TakeStored()
    {
        var stored = _stored;
        _stored = default;
        return stored;
    }
}
