namespace CacheOperator.Proxy.Protocol;

/// <summary>One parsed command; its spans point into the input.</summary>
internal ref struct ClientCommand
{
    public CommandKind Kind;

    /// <summary>The key; for retrieval commands the list of keys as sent, see <see cref="KeyList"/>; for <c>stats</c> its arguments.</summary>
    public ReadOnlySpan<byte> Key;

    /// <summary>Hash of the one key.</summary>
    public readonly ulong KeyHash => Meta.IsBinaryKey ? Routing.KeyHash.OfBase64(Key) : Routing.KeyHash.Of(Key);

    /// <summary>Whether <see cref="Key"/> is a list of keys to retrieve, which ends the line.</summary>
    public readonly bool HasKeyList => Kind is CommandKind.Get or CommandKind.Gets or CommandKind.GetAndTouch or CommandKind.GetsAndTouch;

    /// <summary>Whether the next <c>get</c> of the key may have another answer.</summary>
    public readonly bool ChangesItems => Kind switch
    {
        >= CommandKind.Set and <= CommandKind.TooLarge or CommandKind.MetaSet or CommandKind.MetaTooLarge or CommandKind.MetaDelete or CommandKind.MetaArithmetic => true,
        CommandKind.GetAndTouch or CommandKind.GetsAndTouch => Exptime < 0,
        CommandKind.MetaGet => Meta.Vivifies || Meta.Exptime < 0,
        _ => false,
    };

    public ReadOnlySpan<byte> Value;

    public uint Flags;

    /// <summary>
    /// As the client sent it: seconds, or a Unix time when above 30 days, negative for already expired. The delay of <c>flush_all</c>.
    /// </summary>
    public int Exptime;

    /// <summary>The token of <c>cas</c>, what <c>incr</c> and <c>decr</c> count by.</summary>
    public ulong Number;

    /// <summary>The flags of a meta command as sent.</summary>
    public ReadOnlySpan<byte> Tokens;

    /// <summary>The flags of a meta command as understood.</summary>
    public MetaFlags Meta;

    /// <summary>No answer is wanted.</summary>
    public bool NoReply;

    /// <summary>The answer to a <see cref="CommandKind.Rejected"/> command.</summary>
    public ReadOnlySpan<byte> Reply;

    /// <summary>Bytes after this command that belong to it and must be skipped.</summary>
    public long Swallow;
}
