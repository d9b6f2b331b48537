namespace CacheOperator.Operator.Runtime.Watching;

internal enum InformerState
{
    /// <summary>Not listed yet.</summary>
    Starting,

    /// <summary>The cache is complete and follows the server.</summary>
    Synced,

    /// <summary>The server does not have this API.</summary>
    NotServed,

    /// <summary>The operator's role does not let it list this kind.</summary>
    Forbidden,
}
