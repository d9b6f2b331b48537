using CacheOperator.Proxy.Net;

namespace CacheOperator.Proxy.Replication;

/// <summary>The value that a write brings to its replicas: a part of what is being received, until it has to be kept.</summary>
/// <param name="pool">Where room is rented.</param>
internal sealed class StoredValue(BufferPool pool)
{
    private ArraySegment<byte> _bytes;
    private SharedBuffer? _owner;

    public ReadOnlySpan<byte> Span => _bytes;

    public int Length => _bytes.Count;

    /// <summary>Whether there is a value, and it has not been released.</summary>
    public bool Exists => _bytes.Array is not null;

    /// <summary>Whether it is sent by <see cref="Share"/>, and not copied.</summary>
    public bool IsShared => _owner is not null && Length >= SharedBuffer.Worthwhile;

    /// <summary>Takes a part of what is being received. It has to be kept before that is over.</summary>
    public void Borrow(Connection source, ReadOnlySpan<byte> value) => _bytes = source.Locate(value);

    /// <param name="source">Whose data it is a part of, if it is: a large value is not copied then.</param>
    /// <param name="value">What <see cref="Span"/> gives from now on.</param>
    public void Keep(Connection? source, ReadOnlySpan<byte> value)
    {
        var kept = source is not null && value.Length >= SharedBuffer.Worthwhile ? source.Keep(value) : SharedSlice.Copy(pool, value);
        Release();
        (_bytes, _owner) = (new ArraySegment<byte>(kept.Buffer.Array, kept.Start, kept.Length), kept.Buffer);
    }

    /// <returns>The same, for another holder.</returns>
    public SharedSlice Share() => new SharedSlice(_owner!, _bytes.Offset, Length).Retain();

    public void Release()
    {
        _owner?.Release();
        (_bytes, _owner) = (default, null);
    }
}
