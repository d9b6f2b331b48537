namespace CacheOperator.Proxy.WarmUp;

/// <summary>Whether a key belongs to what is copied.</summary>
internal delegate bool KeyFilter(ReadOnlySpan<byte> key);
