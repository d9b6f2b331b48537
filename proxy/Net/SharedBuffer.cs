namespace CacheOperator.Proxy.Net;

/// <summary>A rented buffer with several holders. What has been written to it does not change until the last one releases it.</summary>
internal sealed class SharedBuffer(BufferPool pool)
{
    /// <summary>Bytes from which on sharing is worth a segment of its own in every output. Less is copied, so that it goes out in one piece.</summary>
    public const int Worthwhile = 16 << 10;

    private byte[]? _array;
    private int _holders;

    public byte[] Array => _array!;

    /// <summary>Whether there are other holders.</summary>
    public bool IsShared => _holders > 1;

    public void Retain() => _holders++;

    public void Release()
    {
        if (--_holders > 0) return;
        var array = _array!;
        _array = null;
        pool.Return(this, array);
    }

    internal void Open(byte[] array) => (_array, _holders) = (array, 1);
}
