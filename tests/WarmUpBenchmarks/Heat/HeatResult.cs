namespace CacheOperator.WarmUpBenchmarks.Heat;

/// <summary>One copy, hottest first.</summary>
/// <param name="Work">What was copied.</param>
/// <param name="Writes">Which part of the requests before were sets.</param>
/// <param name="Reads">How many gets of it came before, by Zipf.</param>
/// <param name="Samples">In the order of the copy.</param>
internal sealed record HeatResult(CopyCase Work, double Writes, long Reads, IReadOnlyList<HeatSample> Samples)
{
    /// <summary>Which part of the items had to be copied for so much of the hit rate; between two samples on a straight line.</summary>
    public double CopiedFor(double hitRate, Func<HeatSample, double> rate)
    {
        var before = new HeatSample(0, 0, 0);
        foreach (var sample in Samples)
        {
            if (rate(sample) >= hitRate)
                return before.Copied + ((sample.Copied - before.Copied) * (hitRate - rate(before)) / (rate(sample) - rate(before)));
            before = sample;
        }

        return 1;
    }

    /// <summary>The sample that is nearest to this part of the items.</summary>
    public HeatSample At(double copied) => Samples.MinBy(sample => Math.Abs(sample.Copied - copied))!;
}
