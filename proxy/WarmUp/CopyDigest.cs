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

    private readonly ulong[] _sums = new ulong[Sums];

    public bool IsClean => !_sums.AsSpan().ContainsAnyExcept(0UL);

    /// <summary>What stands for an item, in all that a copy must have in common with it.</summary>
    public DigestMark MarkOf(ReadOnlySpan<byte> key, ulong version, long expiry)
    {
        var hash = HashOf(key);
        return new DigestMark(SumOf(hash), KeyHash.Mix(KeyHash.Mix(hash ^ version) + (ulong)expiry));
    }

    public void Add(DigestMark stored) => _sums[stored.Sum] += stored.Value;

    public void Remove(DigestMark held) => _sums[held.Sum] -= held.Value;

    /// <summary>Takes away what the source holds.</summary>
    public void Add(in DumpEntry entry) => Remove(MarkOf(entry.Key, entry.Version, entry.Expiry));

    /// <summary>Whether the key is among those under which something is not the same.</summary>
    public bool Differs(ReadOnlySpan<byte> key) => _sums[SumOf(HashOf(key))] != 0;

    /// <summary>Lets go of all but so many of the differences; which ones is as random as the seed.</summary>
    public void Keep(long differences)
    {
        foreach (ref var sum in _sums.AsSpan())
        {
            if (sum != 0 && --differences < 0) sum = 0;
        }
    }

    private static int SumOf(ulong hash) => (int)(hash >> (64 - SumBits));

    private ulong HashOf(ReadOnlySpan<byte> key) => KeyHash.Mix(KeyHash.Of(key) ^ seed);
}
