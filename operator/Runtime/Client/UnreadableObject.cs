namespace CacheOperator.Operator.Runtime.Client;

/// <summary>An object that the server holds but that cannot be read as its type: one of them must not hide the others.</summary>
internal sealed record UnreadableObject(ObjectKey Key, string Error);
