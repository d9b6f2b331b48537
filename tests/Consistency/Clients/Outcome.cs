namespace CacheOperator.Consistency.Clients;

internal enum Outcome
{
    /// <summary>No answer, or an error: a write may have been made, or be made later.</summary>
    Unknown,

    /// <summary>The write was made, or the item found.</summary>
    Done,

    /// <summary>The write was not made, or nothing found.</summary>
    Refused,
}
