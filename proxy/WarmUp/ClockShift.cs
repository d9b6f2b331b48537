namespace CacheOperator.Proxy.WarmUp;

/// <summary>By how many seconds the clock of one process is ahead of another's.</summary>
internal static class ClockShift
{
    /// <summary>Clocks that differ by no more than this are taken for the same: each is read in whole seconds, and started on one.</summary>
    private const long NoiseSeconds = 2;

    public static async Task<long> MeasureAsync(MemberLink source, MemberLink target)
    {
        var shift = (await target.AskVitalsAsync()).Time - (await source.AskVitalsAsync()).Time;
        return Math.Abs(shift) <= NoiseSeconds ? 0 : shift;
    }
}
