using System.Buffers;
using System.Numerics;

namespace CacheOperator.Proxy.Net;

/// <summary>Buffers of one event loop in powers of two. Not thread-safe: rented and returned on the loop's thread.</summary>
internal sealed class BufferPool
{
    private const int SmallestBits = 9;
    private const int LargestBits = 20;
    private const int RetainedBytesPerSize = 8 << 20;

    private readonly Stack<byte[]>[] _free = [.. Enumerable.Range(0, LargestBits - SmallestBits + 1).Select(_ => new Stack<byte[]>())];

    /// <summary>Bytes rented and not returned yet.</summary>
    public long Rented { get; private set; }

    /// <returns>A buffer of at least this size, with arbitrary contents.</returns>
    public byte[] Rent(int size)
    {
        var bits = Bits(size);
        var buffer = bits > LargestBits ? ArrayPool<byte>.Shared.Rent(size)
            : _free[bits - SmallestBits].TryPop(out var free) ? free
            : GC.AllocateUninitializedArray<byte>(1 << bits);
        Rented += buffer.Length;
        return buffer;
    }

    public void Return(byte[] buffer)
    {
        Rented -= buffer.Length;
        var bits = Bits(buffer.Length);
        if (bits > LargestBits)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            return;
        }

        var free = _free[bits - SmallestBits];
        if (free.Count << bits < RetainedBytesPerSize) free.Push(buffer);
    }

    private static int Bits(int size) => Math.Max(SmallestBits, 32 - BitOperations.LeadingZeroCount((uint)size - 1));
}
