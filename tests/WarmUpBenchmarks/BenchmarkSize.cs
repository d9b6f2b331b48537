using CacheOperator.WarmUpBenchmarks.NodeLoss;

namespace CacheOperator.WarmUpBenchmarks;

/// <summary>How much of everything.</summary>
internal sealed record BenchmarkSize
{
    /// <summary>Some ten minutes on two cores.</summary>
    public static BenchmarkSize Whole { get; } = new()
    {
        Speed = [new CopyCase(1_000_000, 100), new CopyCase(1_000_000, 1000), new CopyCase(50_000, 50_000)],
        Repetitions = 3,
        Latency = new CopyCase(1_000_000, 100),
        LatencyRounds = 3,
        Loss = new CopyCase(500_000, 200),
        LossRate = 20_000,
        LossTimes = new LossTimes(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(45)),
        Heat = new CopyCase(50_000, 100),
        HeatReading = TimeSpan.FromSeconds(30),
        Memory = new CopyCase(10_000_000, 20),
    };

    /// <summary>Shows that it works, in three minutes.</summary>
    public static BenchmarkSize Quick { get; } = Whole with
    {
        Speed = [new CopyCase(200_000, 100), new CopyCase(200_000, 1000), new CopyCase(10_000, 50_000)],
        Repetitions = 1,
        Latency = new CopyCase(300_000, 100),
        LatencyRounds = 2,
        Loss = new CopyCase(100_000, 200),
        LossTimes = new LossTimes(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(15)),
        Heat = new CopyCase(20_000, 100),
        HeatReading = TimeSpan.FromSeconds(8),
        Memory = new CopyCase(1_000_000, 20),
    };

    public required IReadOnlyList<CopyCase> Speed { get; init; }

    /// <summary>How often each copier copies.</summary>
    public required int Repetitions { get; init; }

    public required CopyCase Latency { get; init; }

    /// <summary>How often without a copy and with one.</summary>
    public required int LatencyRounds { get; init; }

    public required CopyCase Loss { get; init; }

    /// <summary>Gets a second.</summary>
    public required int LossRate { get; init; }

    public required LossTimes LossTimes { get; init; }

    public required CopyCase Heat { get; init; }

    /// <summary>How long the source is used before it is copied.</summary>
    public required TimeSpan HeatReading { get; init; }

    public required CopyCase Memory { get; init; }
}
