namespace CacheOperator.Proxy.Net;

/// <summary>
/// Bytes on their way to a peer: a chain of rented segments, none while there is nothing to send. The first segment
/// starts small and doubles, so that an idle or chatty peer costs little and a busy one is served by one write. Large
/// values are segments of their own, which several outputs share.
/// </summary>
/// <param name="pool">Where segments are rented.</param>
/// <param name="firstSegment">Size of the first one.</param>
internal sealed class OutputBuffer(BufferPool pool, int firstSegment = 2 << 10)
{
    private const int FullSegment = 128 << 10;

    // Most outputs never get a second segment.
    private Queue<Segment>? _full;
    private Segment _last;

    // How much of the first full segment is sent; a queue gives no reference to its head.
    private int _firstSent;

    private struct Segment
    {
        public byte[]? Array;
        public int Start;
        public int End;
        public SharedBuffer? Owner;
    }

    /// <summary>Bytes not sent yet.</summary>
    public long Length { get; private set; }

    /// <summary>Bytes of memory that it keeps: what is left of a segment keeps all of it.</summary>
    public long Size
    {
        get
        {
            var size = _last.Array?.LongLength ?? 0;
            if (_full is null) return size;
            foreach (var segment in _full) size += segment.Array!.Length;
            return size;
        }
    }

    /// <summary>Whether <see cref="Head"/> is not all that there is.</summary>
    public bool IsChain => _full is { Count: > 0 };

    /// <summary>The next bytes to send; empty when there are none.</summary>
    public ReadOnlySpan<byte> Head =>
        IsChain ? FirstFull.Array.AsSpan(_firstSent, FirstFull.End - _firstSent) : _last.Array.AsSpan(_last.Start, _last.End - _last.Start);

    private Segment FirstFull => _full!.Peek();

    /// <returns>At least <paramref name="size"/> bytes to write to; <see cref="Advance"/> says how many were used.</returns>
    public Span<byte> GetSpan(int size)
    {
        if (_last.Array is null)
        {
            _last = new Segment { Array = pool.Rent(Math.Max(size, firstSegment)) };
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
        if (bytes.IsEmpty) return;
        bytes.CopyTo(GetSpan(bytes.Length));
        Advance(bytes.Length);
    }

    /// <summary>Sends a slice, without copying it; it is taken over.</summary>
    public void Write(in SharedSlice slice)
    {
        if (_last.Array is not null) Enqueue(_last);
        _last = default;
        Enqueue(new Segment { Array = slice.Buffer.Array, Start = slice.Start, End = slice.Start + slice.Length, Owner = slice.Buffer });
        Length += slice.Length;
    }

    /// <summary>Hands everything over to another output.</summary>
    public void MoveTo(OutputBuffer other)
    {
        while (IsChain)
        {
            var first = _full!.Dequeue();
            if (first.Owner is { } owner)
            {
                other.Write(new SharedSlice(owner, _firstSent, first.End - _firstSent));
            }
            else
            {
                other.Write(first.Array.AsSpan(_firstSent, first.End - _firstSent));
                pool.Return(first.Array!);
            }

            if (IsChain) _firstSent = FirstFull.Start;
        }

        other.Write(_last.Array.AsSpan(_last.Start, _last.End - _last.Start));
        ReturnLast();
        Length = 0;
    }

    /// <summary>The first pieces to send, as many as one system call takes.</summary>
    public void Gather(List<ArraySegment<byte>> pieces, int max)
    {
        var sent = _firstSent - FirstFull.Start;
        foreach (var segment in _full!)
        {
            if (pieces.Count == max) return;
            var start = segment.Start + sent;
            pieces.Add(new ArraySegment<byte>(segment.Array!, start, segment.End - start));
            sent = 0;
        }

        if (pieces.Count < max && _last.Array is { } last) pieces.Add(new ArraySegment<byte>(last, _last.Start, _last.End - _last.Start));
    }

    /// <summary>Drops what was sent from the front.</summary>
    public void Consume(int count)
    {
        Length -= count;
        while (IsChain)
        {
            var first = FirstFull;
            var taken = Math.Min(count, first.End - _firstSent);
            _firstSent += taken;
            count -= taken;
            if (_firstSent < first.End) return;
            Return(_full!.Dequeue());
            if (IsChain) _firstSent = FirstFull.Start;
        }

        _last.Start += count;
        if (_last.Start == _last.End) ReturnLast();
    }

    public void Clear()
    {
        while (IsChain) Return(_full!.Dequeue());
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

        Enqueue(_last);
        _last = new Segment { Array = pool.Rent(Math.Max(size, FullSegment)) };
    }

    private void Enqueue(Segment segment)
    {
        _full ??= new Queue<Segment>();
        if (_full.Count == 0) _firstSent = segment.Start;
        _full.Enqueue(segment);
    }

    private void Return(in Segment segment)
    {
        if (segment.Owner is { } owner) owner.Release();
        else pool.Return(segment.Array!);
    }

    private void ReturnLast()
    {
        if (_last.Array is { } array) pool.Return(array);
        _last = default;
    }
}
