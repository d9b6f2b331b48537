namespace CacheOperator.Proxy.Protocol;

/// <summary>The flags of a meta command, but for those that only say what the answer shows.</summary>
internal struct MetaFlags
{
    /// <summary><c>q</c>: the nominal answer is left out.</summary>
    public bool IsQuiet;

    /// <summary><c>b</c>: the key is written in base64.</summary>
    public bool IsBinaryKey;

    /// <summary><c>v</c>: the value is wanted.</summary>
    public bool WantsValue;

    /// <summary><c>N</c>: an item is made when there is none.</summary>
    public bool Vivifies;

    /// <summary><c>R</c>: one client is told when the item is about to expire.</summary>
    public bool Recaches;

    /// <summary><c>I</c>: mark as stale.</summary>
    public bool Invalidates;

    /// <summary><c>x</c>: remove the value.</summary>
    public bool RemovesValue;

    /// <summary><c>M</c>: mode; 0 when absent.</summary>
    public byte Mode;

    /// <summary><c>C</c>: only if the item has this version.</summary>
    public ulong? Compare;

    /// <summary><c>T</c>: expiry.</summary>
    public int? Exptime;

    /// <summary>Expiry of an item made by <c>N</c>: of <c>N</c> and <c>T</c>, memcached takes the later one.</summary>
    public int VivifiedExptime;

    /// <summary><c>D</c>: what to count by; 1 when absent.</summary>
    public ulong Delta;

    /// <summary><c>J</c>: where to begin to count.</summary>
    public ulong Initial;

    /// <summary><c>F</c>: client flags.</summary>
    public uint ClientFlags;
}
