namespace CacheOperator.Testbed.Load;

/// <summary>What the load client counted in one second, or in its whole life.</summary>
public sealed record LoadReport
{
    /// <summary>Gets that answered with the right value and flags (or with nothing, where nothing was right).</summary>
    public long Hits { get; init; }

    /// <summary>Gets of a key that should have been there and was not.</summary>
    public long Misses { get; init; }

    /// <summary>Gets of an absent key whose time to live may be over.</summary>
    public long Expired { get; init; }

    /// <summary>Gets that answered with another value or other flags than the key's, or with a deleted key.</summary>
    public long Wrong { get; init; }

    /// <summary>Gets that ended with an error or a timeout instead of an answer.</summary>
    public long GetErrors { get; init; }

    public long Writes { get; init; }

    public long WriteErrors { get; init; }

    /// <summary>The most frequent texts of errors and wrong answers.</summary>
    public IReadOnlyDictionary<string, long> Errors { get; init; } = new Dictionary<string, long>();

    public double P50Ms { get; init; }

    public double P99Ms { get; init; }

    public double MaxMs { get; init; }

    /// <summary>Number of the second, from 1; the number of seconds in a final report.</summary>
    public int Second { get; init; }

    /// <summary>End of the second, Unix time; 0 in a final report.</summary>
    public double Time { get; init; }

    public bool Final { get; init; }

    public long Gets => Hits + Misses + Wrong + GetErrors;

    /// <summary>Share of gets that were right, 0..1; 1 when there was none.</summary>
    public double HitRate => Gets == 0 ? 1 : (double)Hits / Gets;

    /// <summary>Adds up reports; percentiles become the worst second's.</summary>
    public static LoadReport Sum(IReadOnlyCollection<LoadReport> reports) => new()
    {
        Hits = reports.Sum(r => r.Hits),
        Misses = reports.Sum(r => r.Misses),
        Expired = reports.Sum(r => r.Expired),
        Wrong = reports.Sum(r => r.Wrong),
        GetErrors = reports.Sum(r => r.GetErrors),
        Writes = reports.Sum(r => r.Writes),
        WriteErrors = reports.Sum(r => r.WriteErrors),
        Errors = reports.SelectMany(r => r.Errors).GroupBy(e => e.Key).ToDictionary(g => g.Key, g => g.Sum(e => e.Value)),
        P50Ms = reports.Select(r => r.P50Ms).DefaultIfEmpty().Max(),
        P99Ms = reports.Select(r => r.P99Ms).DefaultIfEmpty().Max(),
        MaxMs = reports.Select(r => r.MaxMs).DefaultIfEmpty().Max(),
        Second = reports.Count,
    };

    public override string ToString() =>
        $"{Gets} gets: {Hits} hits, {Misses} misses, {Wrong} wrong, {GetErrors} errors; {Writes} writes, {WriteErrors} failed; "
        + $"p50 {P50Ms} ms, p99 {P99Ms} ms, max {MaxMs} ms{string.Concat(Errors.Select(e => $"\n  {e.Value} x {e.Key}"))}";
}
