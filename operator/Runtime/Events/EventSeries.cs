using CacheOperator.Operator.Runtime.Client;

namespace CacheOperator.Operator.Runtime.Events;

/// <summary>An event that was written, and how often it happened.</summary>
internal sealed record EventSeries(ObjectKey Key, int Count, DateTimeOffset Last);
