namespace CacheOperator.Proxy.Net;

/// <summary>
/// What a connection receives. Small pieces arrive in the buffer of the loop, which all of its connections share, and only
/// what is left of them is held; the rest of a large piece is received in place, behind what is held of it.
/// </summary>
/// <param name="loop">Whose connection it is.</param>
/// <param name="order">Whether from a client or a member.</param>
internal struct InputBuffer(EventLoop loop, FlushOrder order)
{
    // What is kept of a longer piece is not moved to where the next read goes.
    private const int MaxCopied = 32 << 10;

    private HeldInput _held = new(loop.Buffers);

    /// <summary>What is needed in one piece before it makes sense to look at the input again; 0 when unknown.</summary>
    public int Needed { get; set; }

    /// <summary>Bytes that were received and not consumed.</summary>
    public readonly int Length => _held.Length;

    /// <summary>Bytes of memory that they take.</summary>
    public readonly int Size => _held.Size;

    public readonly ReadOnlySpan<byte> Bytes => _held.Bytes;

    /// <summary>Whether a piece that is larger than one read is arriving.</summary>
    public readonly bool IsReceivingLarge => Length > 0 && Needed > MaxCopied;

    /// <summary>Whether the next read goes behind what is held.</summary>
    public readonly bool IsInPlace => Math.Max(Length + 1, Needed) > LargestCopied;

    /// <summary>Size of the buffer that the next read has to wait for: see <see cref="Grow"/>; 0 when there is room.</summary>
    public readonly int MissingRoom
    {
        get
        {
            if (!IsInPlace) return 0;
            var size = Needed > Length ? Needed : Length + LargestCopied;
            return _held.HasRoomFor(size) ? 0 : size;
        }
    }

    // Bytes that are received at a time.
    private readonly int ReceiveSize => order == FlushOrder.Clients ? loop.ClientReceiveSize : EventLoop.ReceiveBufferSize;

    private readonly int LargestCopied => Math.Min(ReceiveSize, MaxCopied);

    /// <summary>Makes room for so many bytes in all.</summary>
    public void Grow(int size) => _held.Grow(size);

    /// <summary>Where the next read goes; <see cref="Add"/> says how much has come.</summary>
    public readonly Span<byte> Room()
    {
        if (IsInPlace) return _held.Free;

        // A small remainder moves to the front of the loop's buffer, so that every read is a full-sized one.
        var buffer = loop.ReceiveBuffer.AsSpan();
        Bytes.CopyTo(buffer);
        return buffer[Length..ReceiveSize];
    }

    /// <returns>All that there is, of which <see cref="Consume"/> or <see cref="Hold"/> says how much is left; empty as long as what is needed has not come.</returns>
    public ReadOnlySpan<byte> Add(int received)
    {
        ReadOnlySpan<byte> data;
        if (IsInPlace)
        {
            _held.Add(received);
            if (Length < Needed) return default;
            data = Bytes;
        }
        else
        {
            data = loop.ReceiveBuffer.AsSpan(0, Length + received);
        }

        Needed = 0;
        return data;
    }

    /// <summary>Drops bytes from the front of what is held.</summary>
    public void Consume(int consumed) => _held.Consume(consumed);

    /// <summary>Size of the large buffer that it takes to hold this and what is known to come, so that the rest is received in place; 0 when it takes none.</summary>
    public readonly int LargeRoomFor(ReadOnlySpan<byte> rest)
    {
        var size = Math.Max(rest.Length, Needed);
        return !rest.IsEmpty && size > LargestCopied && !_held.CanHold(size) ? size : 0;
    }

    /// <summary>Holds the rest of what arrived in the loop's buffer.</summary>
    /// <param name="rest">What was not consumed.</param>
    /// <param name="withRoom">Whether in a buffer that has room for what is needed.</param>
    public void Hold(ReadOnlySpan<byte> rest, bool withRoom)
    {
        if (rest.IsEmpty) _held.Release();
        else _held.Hold(rest, withRoom ? Math.Max(rest.Length, Needed) : rest.Length);
    }

    /// <summary>Where a part of what is there lies. Only good until it is consumed.</summary>
    public readonly ArraySegment<byte> Locate(ReadOnlySpan<byte> part)
    {
        if (part.IsEmpty) return ArraySegment<byte>.Empty;
        if (_held.Find(part, out var start) is { } buffer) return new ArraySegment<byte>(buffer.Array, start, part.Length);
        return loop.ReceiveBuffer.AsSpan().Overlaps(part, out start)
            ? new ArraySegment<byte>(loop.ReceiveBuffer, start, part.Length)
            : throw new ArgumentException("not a part of what is being received", nameof(part));
    }

    /// <summary>Keeps a part of what is there, without copying it where that is possible.</summary>
    public readonly SharedSlice Keep(ReadOnlySpan<byte> part)
    {
        if (_held.Find(part, out var start) is not { } buffer) return SharedSlice.Copy(loop.Buffers, part);
        buffer.Retain();
        return new SharedSlice(buffer, start, part.Length);
    }

    public void Clear()
    {
        _held.Release();
        Needed = 0;
    }
}
