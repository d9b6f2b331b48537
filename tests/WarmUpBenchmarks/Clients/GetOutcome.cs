namespace CacheOperator.WarmUpBenchmarks.Clients;

internal enum GetOutcome
{
    Hit,

    Miss,

    /// <summary>An error or another value instead of an answer, or the connection broke.</summary>
    Failed,
}
