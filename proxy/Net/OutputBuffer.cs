namespace CacheOperator.Proxy.Net;

/// <summary>
/// Bytes on their way to a peer: a chain of rented segments, none while there is nothing to send. The first segment
/// starts small and doubles, so that an idle or chatty peer costs little and a busy one is served by one write.
/// </summary>
internal sealed class OutputBuffer(BufferPool pool)
{
    private const int FirstSegment = 2 << 10;
    private const int FullSegment = 128 << 10;

    private readonly Queue<Segment> _full = new(0);
    private Segment _last;

    private struct Segment
    {
        public byte[]? Array;
        public int Start;
        public int End;
    }

    /// <summary>Bytes not sent yet.</summary>
    public long Length { get; private set; }

    /// <summary>The next bytes to send; empty when there are none.</summary>
    public ReadOnlySpan<byte> Head =>
        _full.TryPeek(out var first) ? first.Array.AsSpan(_firstSent, first.End - _firstSent) : _last.Array.AsSpan(_last.Start, _last.End - _last.Start);

    // How much of the first full segment is sent; a queue gives no reference to its head.
    private int _firstSent;

    /// <returns>At least <paramref name="size"/> bytes to write to; <see cref="Advance"/> says how many were used.</returns>
    public Span<byte> GetSpan(int size)
    {
        if (_last.Array is null)
        {
            _last = new Segment { Array = pool.Rent(Math.Max(size, FirstSegment)) };
        }
        else if (_last.Array.Length - _last.End < size)
        {
            MakeRoom(size);
        }

        return _last.Array.AsSpan(_last.End);
    }

    public void Advance(int count)
    {
        _last.End += count;
        Length += count;
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        Advance(bytes.Length);
    }

    /// <summary>Drops what was sent from the front.</summary>
    public void Consume(int count)
    {
        Length -= count;
        if (_full.TryPeek(out var first))
        {
            _firstSent += count;
            if (_firstSent < first.End) return;
            pool.Return(_full.Dequeue().Array!);
            _firstSent = _full.TryPeek(out var next) ? next.Start : 0;
            return;
        }

        _last.Start += count;
        if (_last.Start == _last.End) ReturnLast();
    }

    public void Clear()
    {
        while (_full.TryDequeue(out var segment)) pool.Return(segment.Array!);
        _firstSent = 0;
        Length = 0;
        ReturnLast();
    }

    private void MakeRoom(int size)
    {
        var used = _last.End - _last.Start;
        if (used + size <= FullSegment)
        {
            var larger = pool.Rent(Math.Max(used + size, Math.Min(_last.Array!.Length * 2, FullSegment)));
            _last.Array.AsSpan(_last.Start, used).CopyTo(larger);
            pool.Return(_last.Array!);
            _last = new Segment { Array = larger, End = used };
            return;
        }

        if (_full.Count == 0) _firstSent = _last.Start;
        _full.Enqueue(_last);
        _last = new Segment { Array = pool.Rent(Math.Max(size, FullSegment)) };
    }

    private void ReturnLast()
    {
        if (_last.Array is { } array) pool.Return(array);
        _last = default;
    }
}
