namespace CacheOperator.WarmUpBenchmarks.NodeLoss;

/// <summary>When what happens.</summary>
/// <param name="Before">With everything whole.</param>
/// <param name="Away">From the loss to the replacement, which comes empty. In a cluster more like a minute; here it only shows what happens meanwhile.</param>
/// <param name="After">From the replacement on.</param>
internal sealed record LossTimes(TimeSpan Before, TimeSpan Away, TimeSpan After);
