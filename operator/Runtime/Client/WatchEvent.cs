using k8s;

namespace CacheOperator.Operator.Runtime.Client;

/// <summary>One line of a watch.</summary>
/// <param name="Object">The object; null for a bookmark or when it could not be read.</param>
/// <param name="Unreadable">Set when the object does not fit the type.</param>
internal readonly record struct WatchEvent<T>(WatchEventType Type, T? Object, UnreadableObject? Unreadable, string ResourceVersion)
    where T : class;
