namespace CacheOperator.Proxy.WarmUp;

/// <summary>One item of a batch. Its key's text stands in the batch.</summary>
internal struct CopyItem
{
    public int KeyOffset;
    public int KeyLength;

    /// <summary>Whether the key's text is base64, because the key holds bytes that a command line cannot.</summary>
    public bool Base64;

    public CopyItemState State;

    /// <summary>The version listed, or, once it is read, the one read.</summary>
    public ulong Version;

    /// <summary>Unix seconds by the source's clock at which it expires; 0 for never. As listed, or, once it is read, as read.</summary>
    public long Expiry;

    /// <summary>Version of the invalidated item of which the last look took the right to refetch it, see <see cref="RefetchToken"/>; else 0.</summary>
    public ulong TokenVersion;

    /// <summary>The version that it replaces on the target; 0 to be stored only where nothing is.</summary>
    public ulong Replaces;

    /// <summary>Bytes of the value, once it is read.</summary>
    public int ValueLength;

    /// <summary>What the member that was asked last holds under this key.</summary>
    public HeldItem Held;
}
