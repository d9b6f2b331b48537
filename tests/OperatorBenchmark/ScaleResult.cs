namespace CacheOperator.OperatorBenchmark;

/// <param name="Caches">How many there are.</param>
/// <param name="Pods">Pods stood in for.</param>
/// <param name="KubernetesMinor">20 for 1.20.</param>
/// <param name="FirstStart">The operator finds the caches and nothing else, until all are Ready.</param>
/// <param name="Steady">All is Ready and nothing happens.</param>
/// <param name="Restart">The operator starts again on what is there, until it has looked at every cache.</param>
/// <param name="Failover">How long nobody leads when a leader ends.</param>
internal sealed record ScaleResult(int Caches, int Pods, int KubernetesMinor, ScalePhase FirstStart, ScalePhase Steady, ScalePhase Restart, FailoverResult Failover);
