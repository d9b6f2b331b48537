using CacheOperator.Proxy.Routing;

namespace CacheOperator.Proxy.WarmUp;

/// <summary>
/// What the target held already and may keep, because the source was seen to hold the same: it goes into the copy's digest, to be verified with all else, and is not
/// asked for again. In fixed memory: a few other keys are taken for kept. They are lacking then, and are found like all that is.
/// </summary>
/// <param name="digest">The copy's.</param>
/// <param name="clockShift">Seconds that the target's clock is ahead of the source's.</param>
/// <param name="horizon">What expires before this by the source's clock takes no part.</param>
internal sealed class KeptItems(CopyDigest digest, long clockShift, long horizon)
{
    private const int PlaceBits = 25;

    private readonly Lazy<ulong[]> _places = new(() => new ulong[1 << (PlaceBits - 6)]);

    public void Add(in BandKey item)
    {
        var expiry = item.Expiry == 0 ? 0 : item.Expiry - clockShift;
        if (expiry != 0 && expiry < horizon) return;
        digest.Add(digest.MarkOf(item.Text, item.Version, expiry));
        var place = PlaceOf(item.Text);
        _places.Value[place >> 6] |= 1UL << (int)(place & 63);
    }

    public bool Has(ReadOnlySpan<byte> key)
    {
        if (!_places.IsValueCreated) return false;
        var place = PlaceOf(key);
        return (_places.Value[place >> 6] & (1UL << (int)(place & 63))) != 0;
    }

    // Mixed once more: the digest's sums go by the first bits of another mix, shards by the hash itself.
    private static ulong PlaceOf(ReadOnlySpan<byte> key) => KeyHash.Mix(KeyHash.Of(key) + 1) >> (64 - PlaceBits);
}
