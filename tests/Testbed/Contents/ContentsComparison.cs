namespace CacheOperator.Testbed.Contents;

/// <summary>What a member holds of what another one holds. Deleted and expired items count on neither side.</summary>
public sealed class ContentsComparison
{
    private const int Examples = 5;

    private ContentsComparison(int total, int identical, IReadOnlyList<string> missing, IReadOnlyList<string> different, IReadOnlyList<string> extra) =>
        (Total, Identical, Missing, Different, Extra) = (total, identical, missing, different, extra);

    /// <summary>Items of the source.</summary>
    public int Total { get; }

    /// <summary>Items that the target holds with the same value, flags, version and expiry.</summary>
    public int Identical { get; }

    /// <summary>Keys that the target lacks.</summary>
    public IReadOnlyList<string> Missing { get; }

    /// <summary>Items that the target holds differently; each with its key and both sides.</summary>
    public IReadOnlyList<string> Different { get; }

    /// <summary>Keys that only the target holds.</summary>
    public IReadOnlyList<string> Extra { get; }

    public bool AllIdentical => Identical == Total && Extra.Count == 0;

    /// <param name="source">What is there.</param>
    /// <param name="target">What should be the same.</param>
    /// <param name="now">Items that expired before are left out.</param>
    /// <param name="tolerance">Seconds by which expiries may differ.</param>
    public static ContentsComparison Of(
        IReadOnlyDictionary<string, CachedItem> source, IReadOnlyDictionary<string, CachedItem> target, DateTimeOffset now, long tolerance = CachedItem.ClockTolerance)
    {
        // What is over on one side and not yet on the other is no difference.
        var past = now.ToUnixTimeSeconds() + tolerance;
        bool Counts(CachedItem item) => !item.IsTombstone && !item.IsExpired(past);
        var live = source.Where(entry => Counts(entry.Value)).ToList();
        var found = live.Where(entry => target.TryGetValue(entry.Key, out var item) && !item.IsTombstone).ToList();
        var different = found.Where(entry => !entry.Value.Matches(target[entry.Key], tolerance)).ToList();
        return new(
            live.Count,
            found.Count - different.Count,
            [.. live.Except(found).Select(entry => entry.Key)],
            [.. different.Select(entry => $"{entry.Key}: {entry.Value} became {target[entry.Key]}")],
            [.. target.Where(entry => Counts(entry.Value) && (!source.TryGetValue(entry.Key, out var item) || item.IsTombstone)).Select(entry => entry.Key)]);
    }

    public override string ToString() =>
        $"{Identical} of {Total} items identical, {Missing.Count} missing, {Different.Count} different, {Extra.Count} extra"
        + Some("missing", Missing) + Some("different", Different) + Some("extra", Extra);

    private static string Some(string what, IReadOnlyList<string> keys) =>
        string.Concat(keys.Take(Examples).Select(key => $"\n  {what}: {key}"));
}
