namespace CacheOperator.Operator.Runtime.Client;

internal enum PatchFormat
{
    /// <summary>Server-side apply: the caller owns what it sends, and gives up what it no longer sends.</summary>
    Apply,

    /// <summary>Lists merge by their keys. Built-in kinds only.</summary>
    StrategicMerge,
}
