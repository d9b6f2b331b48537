namespace CacheOperator.Operator.Runtime.Watching;

internal enum ResourceChangeType
{
    Added,
    Modified,
    Deleted,
}
