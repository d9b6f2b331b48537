using System.Runtime.CompilerServices;

namespace CacheOperator.Proxy.Clients;

/// <summary>A small set of hashes that says no for certain, and yes perhaps.</summary>
internal struct HashFilter
{
    private const int WordCount = 4;

    private Words _words;

    /// <summary>Whether it is kept at all; an unused one costs nothing.</summary>
    public bool IsInUse { get; private set; }

    public void Begin() => IsInUse = true;

    public void Add(ulong hash) => _words[Word(hash)] |= Bit(hash);

    public readonly bool MayContain(ulong hash) => (_words[Word(hash)] & Bit(hash)) != 0;

    private static int Word(ulong hash) => (int)(hash >> 6) & (WordCount - 1);

    private static ulong Bit(ulong hash) => 1UL << (int)(hash & 63);

    [InlineArray(WordCount)]
    private struct Words
    {
        private ulong _first;
    }
}
