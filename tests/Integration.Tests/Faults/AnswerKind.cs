namespace CacheOperator.Integration.Tests.Faults;

internal enum AnswerKind
{
    /// <summary><c>noreply</c>.</summary>
    None,
    Line,

    /// <summary>Items, then <c>END</c>.</summary>
    Items,

    /// <summary>A line, with a value when it begins with <c>VA</c>.</summary>
    Meta,
}
