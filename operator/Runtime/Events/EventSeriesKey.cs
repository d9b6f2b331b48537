namespace CacheOperator.Operator.Runtime.Events;

/// <summary>What makes two events the same.</summary>
internal readonly record struct EventSeriesKey(string Uid, EventType Type, string Reason, string Message);
