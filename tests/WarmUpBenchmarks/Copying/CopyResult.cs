namespace CacheOperator.WarmUpBenchmarks.Copying;

/// <summary>All runs of one case.</summary>
internal sealed record CopyResult(CopyCase Work, IReadOnlyDictionary<Contender, IReadOnlyList<CopyMeasurement>> Runs)
{
    /// <summary>The middle of the runs, each number by itself.</summary>
    public double Median(Contender contender, Func<CopyMeasurement, double> number)
    {
        double[] numbers = [.. Runs[contender].Select(number).Order()];
        return numbers.Length % 2 == 1 ? numbers[numbers.Length / 2] : (numbers[(numbers.Length / 2) - 1] + numbers[numbers.Length / 2]) / 2;
    }

    /// <summary>How many times as many items a second as the plain copier.</summary>
    public double Ratio => Median(Contender.CacheProxy, run => run.ItemsPerSecond) / Median(Contender.PlainCopier, run => run.ItemsPerSecond);
}
