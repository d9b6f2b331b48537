namespace CacheOperator.Proxy.Protocol;

/// <summary>What a member answered.</summary>
internal enum ReplyKind
{
    /// <summary><c>HD</c>, <c>OK</c>: done.</summary>
    Done,

    /// <summary><c>VA</c>: a value.</summary>
    Value,

    /// <summary><c>EN</c>: no such item.</summary>
    Miss,

    /// <summary><c>NS</c>: not stored.</summary>
    NotStored,

    /// <summary><c>EX</c>: another version is stored.</summary>
    Exists,

    /// <summary><c>NF</c>: no such item to change.</summary>
    NotFound,

    /// <summary><c>ME</c>: what is known of an item; its size is not told.</summary>
    Debug,

    /// <summary><c>VALUE</c>: one item of a retrieval with many keys; more follow.</summary>
    Item,

    /// <summary>One line of <c>stats</c>; more follow.</summary>
    Stat,

    /// <summary><c>END</c> of a retrieval or of <c>stats</c>.</summary>
    End,

    /// <summary><c>ERROR</c>, <c>CLIENT_ERROR</c>, <c>SERVER_ERROR</c>, <c>MEMLIMIT_..</c>.</summary>
    Error,
}
