namespace CacheOperator.Proxy.WarmUp;

/// <summary>What a member holds under a key, without the value; the default says that it holds nothing.</summary>
/// <param name="Version">Never 0 when it holds an item.</param>
/// <param name="Expiry">Unix seconds by the member's clock; 0 for never.</param>
/// <param name="Size">Bytes of the value.</param>
/// <param name="Stale">Invalidated by a client that wants it refetched.</param>
internal readonly record struct HeldItem(ulong Version, long Expiry, long Size, bool Stale)
{
    public bool Exists => Version != 0;

    /// <summary>Whether it is the same item, given that clocks are read in whole seconds.</summary>
    public bool Is(ulong version, long expiry, long toleranceSeconds) =>
        !Stale && Version == version && (Expiry == 0) == (expiry == 0) && Math.Abs(Expiry - expiry) <= toleranceSeconds;
}
