using CacheOperator.Proxy.Routing;

namespace CacheOperator.Proxy.WarmUp;

/// <summary>
/// Verifies a whole copy in fixed memory. Every item that the target has stored is added; every item that a listing of
/// the source names after that is taken away again. Where a sum is not zero then, something under its keys is not the
/// same on both sides.
/// </summary>
/// <param name="seed">A random number: without it nobody can make different items look the same.</param>
internal sealed class CopyDigest(ulong seed) : IDumpSink
{
    /// <summary>How many sums there are.</summary>
    public const int Sums = 1 << SumBits;

    private const int SumBits = 20;

    private const int LargestLot = 256;

    private readonly ulong[] _sums = new ulong[Sums];

    /// <summary>What is not in the sums yet: these lie all over memory, and the processor fetches several at a time only when nothing stands between them.</summary>
    private readonly DigestMark[] _lot = new DigestMark[LargestLot];

    private int _lotLength;

    public bool IsClean
    {
        get
        {
            SumUp();
            return !_sums.AsSpan().ContainsAnyExcept(0UL);
        }
    }

    /// <summary>What stands for an item, in all that a copy must have in common with it.</summary>
    public DigestMark MarkOf(ReadOnlySpan<byte> key, ulong version, long expiry)
    {
        var hash = HashOf(key);
        return new DigestMark(SumOf(hash), KeyHash.Mix(KeyHash.Mix(hash ^ version) + (ulong)expiry));
    }

    public void Add(DigestMark stored)
    {
        if (_lotLength == LargestLot)
            SumUp();
        _lot[_lotLength++] = stored;
    }

    public void Remove(DigestMark held) => Add(held with { Value = 0 - held.Value });

    /// <summary>Takes away what the source holds.</summary>
    public void Add(in DumpEntry entry) => Remove(MarkOf(entry.Key, entry.Version, entry.Expiry));

    /// <summary>Whether the key is among those under which something is not the same.</summary>
    public bool Differs(ReadOnlySpan<byte> key)
    {
        SumUp();
        return _sums[SumOf(HashOf(key))] != 0;
    }

    /// <summary>Lets go of all but so many of the differences; which ones is as random as the seed.</summary>
    public void Keep(long differences)
    {
        SumUp();
        foreach (ref var sum in _sums.AsSpan())
        {
            if (sum != 0 && --differences < 0) sum = 0;
        }
    }

    private void SumUp()
    {
        foreach (var mark in _lot.AsSpan(0, _lotLength)) _sums[mark.Sum] += mark.Value;
        _lotLength = 0;
    }

    private static int SumOf(ulong hash) => (int)(hash >> (64 - SumBits));

    private ulong HashOf(ReadOnlySpan<byte> key) => KeyHash.Mix(KeyHash.Of(key) ^ seed);
}
