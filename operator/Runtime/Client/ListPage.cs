namespace CacheOperator.Operator.Runtime.Client;

/// <summary>One page of a list.</summary>
/// <param name="Items">The objects, with apiVersion and kind filled in (the server leaves them out of lists).</param>
/// <param name="Unreadable">Objects that are there but do not fit the type.</param>
/// <param name="ResourceVersion">Where a watch that continues this list starts.</param>
/// <param name="Continue">Token of the next page, or null after the last one.</param>
internal sealed record ListPage<T>(
    IReadOnlyList<T> Items,
    IReadOnlyList<UnreadableObject> Unreadable,
    string ResourceVersion,
    string? Continue);
