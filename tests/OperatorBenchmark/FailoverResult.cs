namespace CacheOperator.OperatorBenchmark;

/// <param name="Killed">Until the next leader acted, after the last one was killed.</param>
/// <param name="Stopped">The same, each time that one was told to stop.</param>
/// <param name="WaitingBytes">What the first copy took that waited for the lease, when it was its turn.</param>
internal sealed record FailoverResult(TimeSpan Killed, IReadOnlyList<TimeSpan> Stopped, long WaitingBytes);
