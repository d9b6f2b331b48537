namespace CacheOperator.Benchmarks.Results;

/// <summary>One's numbers divided by the best of others.</summary>
internal readonly record struct Ratios(double Throughput, double Cpu, double P99)
{
    public static Ratios Of(Measurement own, IReadOnlyCollection<Measurement> peers) => new(
        own.Throughput / peers.Max(peer => peer.Throughput),
        own.CpuPerOperation / peers.Min(peer => peer.CpuPerOperation),
        own.P99 / peers.Min(peer => peer.P99));
}
