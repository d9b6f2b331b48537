namespace CacheOperator.WarmUpBenchmarks.Copying;

/// <summary>One copy of everything.</summary>
/// <param name="Items">Copied.</param>
/// <param name="Seconds">From its first request to its last, listing and verification included.</param>
/// <param name="SourceCpu">Microseconds of CPU time for each item.</param>
/// <param name="TargetCpu">The same.</param>
/// <param name="CopierCpu">The same, of the copying process.</param>
/// <param name="PeakBytes">Resident memory of the copying process at its largest.</param>
internal sealed record CopyMeasurement(long Items, double Seconds, double SourceCpu, double TargetCpu, double CopierCpu, long PeakBytes)
{
    public double ItemsPerSecond => Items / Seconds;

    public double Cpu => SourceCpu + TargetCpu + CopierCpu;
}
