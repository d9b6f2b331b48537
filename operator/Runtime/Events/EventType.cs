namespace CacheOperator.Operator.Runtime.Events;

internal enum EventType
{
    Normal,
    Warning,
}
