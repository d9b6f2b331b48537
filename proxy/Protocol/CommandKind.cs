namespace CacheOperator.Proxy.Protocol;

/// <summary>What a client asks for.</summary>
internal enum CommandKind
{
    /// <summary>Nothing to do but to give <see cref="ClientCommand.Reply"/>.</summary>
    Rejected,
    Get,
    Gets,
    Set,
    Add,
    Delete,

    /// <summary>A <c>set</c> whose value is larger than allowed: the value is skipped, and the old item must go, as with memcached.</summary>
    TooLarge,
    Stats,
    Version,
    Verbosity,
    Quit,

    /// <summary>Not worth an answer: closes, as memcached does.</summary>
    Hostile,
}
