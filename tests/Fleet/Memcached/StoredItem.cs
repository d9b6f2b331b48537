namespace CacheOperator.Fleet.Memcached;

/// <summary>All that a client can tell of an item.</summary>
/// <param name="Value">Its value, Latin-1.</param>
/// <param name="Flags">Client flags.</param>
/// <param name="Version">CAS value.</param>
/// <param name="Expiry">Unix seconds; -1 for never.</param>
/// <param name="NamedInBase64">Whether it was stored under a base64 key.</param>
internal sealed record StoredItem(string Value, uint Flags, ulong Version, long Expiry, bool NamedInBase64);
