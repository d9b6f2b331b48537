namespace CacheOperator.WarmUpBenchmarks.Heat;

/// <summary>One copy, hottest first.</summary>
/// <param name="Use">How the source was used before.</param>
/// <param name="Keys">That were asked for.</param>
/// <param name="Items">That the source held.</param>
/// <param name="Reads">How many gets came before.</param>
/// <param name="Samples">In the order of the copy.</param>
internal sealed record HeatResult(HeatUse Use, int Keys, int Items, long Reads, IReadOnlyList<HeatSample> Samples)
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
