using CacheOperator.Proxy.Routing;

namespace CacheOperator.Proxy.Heat;

/// <summary>
/// About how often each key was read lately, through one event loop: counters that keys share, of which the smaller of a key's two counts, as in a
/// count-min sketch. memcached cannot tell: the last access that it lists is that of the second read, until an item is moved within its LRU.
/// </summary>
/// <remarks>One thread records. Others may look at any time: a count that is a moment old does no harm.</remarks>
internal sealed class ReadSketch
{
    /// <summary>How many counters there are.</summary>
    public const int Counters = 1 << 20;

    /// <summary>About one read in half of so many is recorded, at random: clients that ask for the same keys in the same order would else always be met at the same one.</summary>
    private const uint LongestGap = 32;

    /// <summary>After so many all counts are halved: what was read long ago counts less and less.</summary>
    private const int HalfLife = 4 * Counters;

    private readonly byte[] _counts = new byte[Counters];
    private int _recorded;
    private uint _random = 0x9E3779B9;
    private uint _gap;

    public ReadOnlySpan<byte> Counts => _counts;

    public void OnRead(ReadOnlySpan<byte> key)
    {
        if (IsNextRecorded()) Record(KeyHash.Of(key));
    }

    /// <param name="keyHash">See <see cref="KeyHash"/>.</param>
    public void OnRead(ulong keyHash)
    {
        if (IsNextRecorded()) Record(keyHash);
    }

    /// <summary>The first counter of a key.</summary>
    public static int FirstOf(ulong keyHash) => (int)(keyHash & (Counters - 1));

    /// <summary>The second counter of a key; may be the first one.</summary>
    public static int SecondOf(ulong keyHash) => (int)((keyHash >> 32) & (Counters - 1));

    private bool IsNextRecorded()
    {
        if (_gap-- > 0) return false;
        _random ^= _random << 13;
        _random ^= _random >> 17;
        _random ^= _random << 5;
        _gap = _random % LongestGap;
        return true;
    }

    private void Record(ulong keyHash)
    {
        ref var first = ref _counts[FirstOf(keyHash)];
        ref var second = ref _counts[SecondOf(keyHash)];
        var least = Math.Min(first, second);
        if (least < byte.MaxValue)
        {
            if (second == least) second++;
            if (first == least) first++;
        }

        if (++_recorded < HalfLife) return;
        _recorded = 0;
        foreach (ref var count in _counts.AsSpan()) count >>= 1;
    }
}
