namespace CacheOperator.Operator.Runtime;

/// <summary>Exponential waiting times with jitter, so that what failed together does not come back together.</summary>
/// <param name="First">The longest wait after the first failure.</param>
/// <param name="Max">The longest wait at all.</param>
internal readonly record struct Backoff(TimeSpan First, TimeSpan Max)
{
    /// <summary>How long to wait after this many failures in a row (1 = the first): between half of and the whole exponential step.</summary>
    public TimeSpan After(int failures)
    {
        var step = Math.Min(Max.TotalMilliseconds, First.TotalMilliseconds * Math.Pow(2, Math.Min(failures - 1, 40)));
        return Between(TimeSpan.FromMilliseconds(step / 2), TimeSpan.FromMilliseconds(step));
    }

    /// <summary>A random time between the two.</summary>
    public static TimeSpan Between(TimeSpan low, TimeSpan high) => low + (high - low) * Random.Shared.NextDouble();
}
