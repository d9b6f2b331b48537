namespace CacheOperator.Proxy.Net;

/// <summary>What a connection has received and not consumed: a part of a rented buffer, and none while there is nothing.</summary>
/// <param name="pool">Where buffers are rented.</param>
internal struct HeldInput(BufferPool pool)
{
    private SharedBuffer? _buffer;
    private int _start;
    private int _end;

    public readonly int Length => _end - _start;

    /// <summary>Bytes of memory that it takes.</summary>
    public readonly int Size => _buffer?.Array.Length ?? 0;

    public readonly ReadOnlySpan<byte> Bytes => _buffer is null ? default : _buffer.Array.AsSpan(_start, Length);

    /// <summary>Where more can be received, behind <see cref="Bytes"/>; <see cref="Add"/> says how much was.</summary>
    public readonly Span<byte> Free => _buffer is null ? default : _buffer.Array.AsSpan(_end);

    /// <summary>Whether there is room for so many bytes in all without another buffer.</summary>
    public readonly bool HasRoomFor(int size) => Size - _start >= size;

    public void Add(int received) => _end += received;

    public void Consume(int consumed)
    {
        _start += consumed;
        if (_start == _end) Release();
    }

    /// <summary>Whether <see cref="Hold"/> will do without another buffer.</summary>
    public readonly bool CanHold(int size) =>
        _buffer is { IsShared: false } && Size >= size && Size <= Math.Max(size, EventLoop.MaxClientReceiveSize) * 2L;

    /// <summary>Holds this instead, in a buffer of a size; the bytes are not its own.</summary>
    public void Hold(ReadOnlySpan<byte> bytes, int size)
    {
        if (!CanHold(size))
        {
            Release();
            _buffer = pool.RentShared(size);
        }

        bytes.CopyTo(_buffer!.Array);
        (_start, _end) = (0, bytes.Length);
    }

    /// <summary>Makes room for so many bytes in all.</summary>
    public void Grow(int size)
    {
        if (HasRoomFor(size)) return;
        var larger = pool.RentShared(size);
        var length = Length;
        Bytes.CopyTo(larger.Array);
        Release();
        (_buffer, _end) = (larger, length);
    }

    public void Release()
    {
        _buffer?.Release();
        _buffer = null;
        _start = _end = 0;
    }

    /// <returns>The buffer that a span is a part of, and where it begins there; null if it is not.</returns>
    public readonly SharedBuffer? Find(ReadOnlySpan<byte> part, out int start)
    {
        start = 0;
        return _buffer is not null && _buffer.Array.AsSpan().Overlaps(part, out start) ? _buffer : null;
    }
}
