namespace CacheOperator.Operator.Runtime.Apply;

internal enum ApplyOutcome
{
    /// <summary>The live object is as rendered; nothing was sent.</summary>
    Unchanged,

    Created,

    /// <summary>The rendered object changed, or somebody had edited the live one.</summary>
    Changed,
}
