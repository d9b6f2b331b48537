using CacheOperator.Topology;

namespace CacheOperator.Proxy.WarmUp;

/// <summary>Lets through what of a listing takes part: not the proxies' own key, not what is about to expire.</summary>
/// <param name="filter">Which keys are wanted.</param>
/// <param name="horizon">Unix seconds by the member's clock: what expires before that is not worth a copy. 0 for all.</param>
/// <param name="next">Gets the rest.</param>
internal sealed class ListingScope(KeyFilter filter, long horizon, IDumpSink next) : IDumpSink
{
    public void Add(in DumpEntry entry)
    {
        var expires = entry.Expiry != 0 && entry.Expiry < horizon;
        if (!expires && !entry.Key.SequenceEqual(ReservedKey.Bytes) && filter(entry.Key))
            next.Add(entry);
    }
}
