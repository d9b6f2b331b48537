namespace CacheOperator.Consistency.Clients;

/// <summary>What an operation comes to, in whichever syntax it is sent.</summary>
internal enum OperationKind
{
    Get,
    Touch,
    GetAndTouch,
    Set,
    Add,
    Replace,
    Cas,
    Append,
    Count,
    Delete,
    Flush,
}
