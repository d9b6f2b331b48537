namespace CacheOperator.Consistency.Clients;

/// <summary>How a command is answered.</summary>
internal enum AnswerForm
{
    /// <summary>One line.</summary>
    Line,

    /// <summary><c>VALUE</c> lines and <c>END</c>.</summary>
    Items,

    /// <summary><c>VA</c> or <c>EN</c>.</summary>
    MetaItem,
}
