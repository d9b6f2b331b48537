namespace CacheOperator.Proxy.Protocol;

/// <summary>What a client asks for.</summary>
internal enum CommandKind
{
    /// <summary>Nothing to do but to give <see cref="ClientCommand.Reply"/>.</summary>
    Rejected,
    Get,
    Gets,

    /// <summary><c>gat</c>: <see cref="Get"/> and <see cref="Touch"/>.</summary>
    GetAndTouch,

    /// <summary><c>gats</c>: <see cref="Gets"/> and <see cref="Touch"/>.</summary>
    GetsAndTouch,
    Set,
    Add,
    Replace,
    Append,
    Prepend,
    Cas,
    Increment,
    Decrement,
    Touch,
    Delete,
    FlushAll,

    /// <summary>A <c>set</c> whose value is larger than allowed: the value is skipped, and the old item must go, as with memcached.</summary>
    TooLarge,
    MetaGet,
    MetaSet,

    /// <summary>As <see cref="TooLarge"/>, with <c>ms</c>.</summary>
    MetaTooLarge,
    MetaDelete,

    /// <summary>A <see cref="MetaDelete"/> of one version only.</summary>
    MetaRemove,

    /// <summary>A <see cref="MetaDelete"/> that leaves the item: stale (<c>I</c>) or without its value (<c>x</c>).</summary>
    MetaMark,
    MetaArithmetic,
    MetaNoop,
    MetaDebug,
    Stats,
    Version,
    Verbosity,
    Quit,

    /// <summary>Not worth an answer: closes, as memcached does.</summary>
    Hostile,
}
