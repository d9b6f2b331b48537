namespace CacheOperator.Proxy.Hints;

/// <summary>What is remembered of the writes that one member missed.</summary>
/// <param name="MaxKeys">Keys.</param>
/// <param name="MaxBytes">Bytes of memory, about.</param>
internal readonly record struct HintLimits(int MaxKeys, long MaxBytes);
