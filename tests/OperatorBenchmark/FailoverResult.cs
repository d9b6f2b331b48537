namespace CacheOperator.OperatorBenchmark;

/// <param name="Killed">Until the next leader acted, after the last one was killed.</param>
/// <param name="Stopped">The same, after it was told to stop.</param>
internal sealed record FailoverResult(TimeSpan Killed, TimeSpan Stopped);
