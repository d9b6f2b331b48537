namespace CacheOperator.WarmUpBenchmarks.NodeLoss;

/// <summary>A loss from before to long after.</summary>
internal sealed record LossResult(LossVariant Variant, IReadOnlyList<LossSample> Samples)
{
    /// <summary>Samples that are taken together, so that one does not decide.</summary>
    private const int Run = 4;

    private const double Most = 0.9;

    /// <summary>Hit rate of the zone's member before the loss.</summary>
    public double FormerRate => Rate(Samples.Where(sample => sample.Seconds <= 0), sample => sample.LocalHits);

    public IEnumerable<LossSample> After => Samples.Where(sample => sample.Seconds > 0);

    /// <summary>Gets since the loss that went to the database.</summary>
    public long BackendReads => After.Sum(sample => sample.BackendReads);

    /// <summary>Gets since the loss that the zone's member did not answer.</summary>
    public long NotLocal => After.Sum(sample => Math.Max(0, sample.Gets - sample.LocalHits));

    public long Failures => After.Sum(sample => sample.Failures);

    /// <summary>Seconds from the loss until the zone's member may be read; null if that was not seen.</summary>
    public double? ReadyAfter => After.FirstOrDefault(sample => sample.Ready && sample.Seconds > LostUntil)?.Seconds;

    /// <summary>Seconds from the loss until the member's hit rate is 90 % of what it was; null if it was not within what was watched.</summary>
    public double? RecoveredAfter => Recovered(Most * FormerRate, sample => sample.LocalHits);

    /// <summary>Hit rate of the zone's member at the end.</summary>
    public double LastRate => Rate(Samples.TakeLast(Run), sample => sample.LocalHits);

    private double LostUntil => Samples.LastOrDefault(sample => !sample.Ready)?.Seconds ?? 0;

    private double? Recovered(double rate, Func<LossSample, long> hits)
    {
        LossSample[] after = [.. After];
        for (var first = 0; first + Run <= after.Length; first++)
        {
            if (after[first].Seconds > LostFrom && Rate(after[first..(first + Run)], hits) >= rate) return after[first].Seconds;
        }

        return null;
    }

    /// <summary>What a member answered in the interval in which it was lost does not make it recovered.</summary>
    private double LostFrom => Samples.FirstOrDefault(sample => sample.Seconds > 0 && !sample.Ready)?.Seconds ?? 0;

    private static double Rate(IEnumerable<LossSample> samples, Func<LossSample, long> hits)
    {
        var (sum, gets) = samples.Aggregate((Hits: 0L, Gets: 0L), (total, sample) => (total.Hits + hits(sample), total.Gets + sample.Gets));
        return gets == 0 ? 0 : Math.Min(1, (double)sum / gets);
    }
}
