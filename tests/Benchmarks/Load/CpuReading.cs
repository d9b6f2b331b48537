namespace CacheOperator.Benchmarks.Load;

/// <summary>CPU time so far, in nanoseconds.</summary>
internal readonly record struct CpuReading(long Target, long Members)
{
    public static CpuReading operator -(CpuReading later, CpuReading earlier) =>
        new(later.Target - earlier.Target, later.Members - earlier.Members);
}
