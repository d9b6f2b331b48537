using System.Numerics;

namespace CacheOperator.Proxy.Net;

/// <summary>
/// The buffers of one event loop: in powers of two, large ones in their own size. Those that are free are kept to be used
/// again, as long as that stays within the limit; what is given up beyond it is collected before more is allocated, so
/// that garbage does not add to it. Not thread-safe: rented and returned on the loop's thread.
/// </summary>
/// <param name="limit">Bytes that rented and free buffers should not exceed together. More is given out nevertheless.</param>
internal sealed class BufferPool(long limit = long.MaxValue)
{
    private const int SmallestBits = 9;
    private const int LargestBits = 20;
    private const int LargeUnit = 64 << 10;

    private readonly Stack<byte[]>[] _free = [.. Enumerable.Range(0, LargestBits - SmallestBits + 1).Select(_ => new Stack<byte[]>())];
    private readonly List<byte[]> _freeLarge = [];
    private readonly Stack<SharedBuffer> _shared = new();
    private readonly long _maxFree = Math.Min(limit / 4, 32 << 20);
    private long _garbage;

    public long Limit { get; } = limit;

    /// <summary>Bytes rented and not returned yet.</summary>
    public long Rented { get; private set; }

    /// <summary>Bytes kept to be rented again.</summary>
    public long Free { get; private set; }

    /// <returns>A buffer of at least this size, with arbitrary contents.</returns>
    public byte[] Rent(int size)
    {
        var bits = Bits(size);
        var buffer = bits > LargestBits ? TakeLarge(size) : TakeFree(_free[bits - SmallestBits]);
        buffer ??= Allocate(bits > LargestBits ? (size + LargeUnit - 1) / LargeUnit * LargeUnit : 1 << bits);
        Rented += buffer.Length;
        return buffer;
    }

    public void Return(byte[] buffer)
    {
        Rented -= buffer.Length;
        if (Free + buffer.Length > _maxFree || Rented + Free + buffer.Length > Limit)
        {
            _garbage += buffer.Length;
            return;
        }

        Free += buffer.Length;
        var bits = Bits(buffer.Length);
        if (bits > LargestBits)
        {
            _freeLarge.Add(buffer);
        }
        else
        {
            _free[bits - SmallestBits].Push(buffer);
        }
    }

    /// <summary>Rents a buffer that several can hold, and that is returned when the last one releases it.</summary>
    public SharedBuffer RentShared(int size)
    {
        if (!_shared.TryPop(out var shared)) shared = new SharedBuffer(this);
        shared.Open(Rent(size));
        return shared;
    }

    internal void Return(SharedBuffer shared, byte[] array)
    {
        Return(array);
        _shared.Push(shared);
    }

    private static int Bits(int size) => Math.Max(SmallestBits, 32 - BitOperations.LeadingZeroCount((uint)size - 1));

    private byte[]? TakeFree(Stack<byte[]> free)
    {
        if (!free.TryPop(out var buffer)) return null;
        Free -= buffer.Length;
        return buffer;
    }

    // The best fit, unless it would waste half of it.
    private byte[]? TakeLarge(int size)
    {
        var best = -1;
        for (var i = 0; i < _freeLarge.Count; i++)
        {
            var length = _freeLarge[i].Length;
            if (length >= size && length / 2 < size && (best < 0 || length < _freeLarge[best].Length)) best = i;
        }

        if (best < 0) return null;
        var buffer = _freeLarge[best];
        _freeLarge.RemoveAt(best);
        Free -= buffer.Length;
        return buffer;
    }

    private byte[] Allocate(int length)
    {
        if (Rented + Free + length > Limit) GiveUpFree();
        if (_garbage > Limit / 8)
        {
            _garbage = 0;
            GC.Collect();
        }

        return GC.AllocateUninitializedArray<byte>(length);
    }

    private void GiveUpFree()
    {
        foreach (var free in _free) free.Clear();
        _freeLarge.Clear();
        _garbage += Free;
        Free = 0;
    }
}
