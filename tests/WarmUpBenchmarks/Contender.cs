namespace CacheOperator.WarmUpBenchmarks;

internal enum Contender
{
    /// <summary>This project's, verified.</summary>
    CacheProxy,

    /// <summary>plain-copier.c: a batch at a time, nothing verified.</summary>
    PlainCopier,
}
