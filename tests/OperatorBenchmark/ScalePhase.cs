namespace CacheOperator.OperatorBenchmark;

/// <param name="Time">How long it took.</param>
/// <param name="Cpu">CPU time of the operator.</param>
/// <param name="ResidentBytes">Its memory at the end.</param>
/// <param name="PeakBytes">The most it ever had.</param>
/// <param name="Reconciles">How often it looked at a cache.</param>
/// <param name="Polls">How often it only asked a cache's proxies how they are.</param>
/// <param name="Requests">What it asked of the API server.</param>
internal sealed record ScalePhase(TimeSpan Time, TimeSpan Cpu, long ResidentBytes, long PeakBytes, double Reconciles, double Polls, RequestCounts Requests);
