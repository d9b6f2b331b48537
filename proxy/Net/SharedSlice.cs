namespace CacheOperator.Proxy.Net;

/// <summary>A part of a <see cref="SharedBuffer"/>. Whoever takes one over releases it.</summary>
internal readonly record struct SharedSlice(SharedBuffer Buffer, int Start, int Length)
{
    public ReadOnlySpan<byte> Span => Buffer.Array.AsSpan(Start, Length);

    /// <returns>The same, for another holder.</returns>
    public SharedSlice Retain()
    {
        Buffer.Retain();
        return this;
    }

    public void Release() => Buffer.Release();

    /// <summary>Copies into a buffer of its own.</summary>
    public static SharedSlice Copy(BufferPool pool, ReadOnlySpan<byte> bytes)
    {
        var buffer = pool.RentShared(Math.Max(bytes.Length, 1));
        bytes.CopyTo(buffer.Array);
        return new SharedSlice(buffer, 0, bytes.Length);
    }
}
