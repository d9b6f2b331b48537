namespace CacheOperator.Operator.Runtime.Apply;

internal enum DeleteOutcome
{
    Deleted,

    /// <summary>It was gone already.</summary>
    Gone,

    /// <summary>The object is not the one that was looked at any more (another UID or a newer version): look again.</summary>
    Changed,
}
