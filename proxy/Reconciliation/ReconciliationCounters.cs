namespace CacheOperator.Proxy.Reconciliation;

/// <summary>What the comparisons of this proxy have come to. One thread counts at a time, any may ask.</summary>
internal sealed class ReconciliationCounters
{
    private long _comparisons;
    private long _failures;
    private long _divergent;
    private long _healed;

    /// <summary>Pairs of members compared to the end.</summary>
    public long Comparisons => Interlocked.Read(ref _comparisons);

    /// <summary>Comparisons that broke off.</summary>
    public long Failures => Interlocked.Read(ref _failures);

    /// <summary>Keys of which two members held different items for so long that nobody else would have mended it.</summary>
    public long Divergent => Interlocked.Read(ref _divergent);

    /// <summary>Those of them that were mended.</summary>
    public long Healed => Interlocked.Read(ref _healed);

    public void Succeeded() => Interlocked.Increment(ref _comparisons);

    public void Failed() => Interlocked.Increment(ref _failures);

    public void Found(long keys) => Interlocked.Add(ref _divergent, keys);

    public void Mended(long keys) => Interlocked.Add(ref _healed, keys);
}
