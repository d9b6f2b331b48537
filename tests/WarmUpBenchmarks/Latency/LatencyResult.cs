namespace CacheOperator.WarmUpBenchmarks.Latency;

/// <summary>All rounds of one case.</summary>
internal sealed record LatencyResult(LatencyCase Case, IReadOnlyList<LatencyRound> Rounds)
{
    /// <summary>p99 with a copy, divided by p99 without; medians.</summary>
    public double Ratio => Median(round => round.With.P99) / Median(round => round.Without.P99);

    public double Median(Func<LatencyRound, double> number)
    {
        double[] numbers = [.. Rounds.Select(number).Order()];
        return numbers.Length % 2 == 1 ? numbers[numbers.Length / 2] : (numbers[(numbers.Length / 2) - 1] + numbers[numbers.Length / 2]) / 2;
    }
}
