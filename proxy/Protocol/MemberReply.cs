namespace CacheOperator.Proxy.Protocol;

/// <summary>One parsed reply of a member; its spans point into the input.</summary>
internal ref struct MemberReply
{
    public ReplyKind Kind;

    /// <summary>The whole line without its end.</summary>
    public ReadOnlySpan<byte> Line;

    /// <summary>The key of an <see cref="ReplyKind.Item"/>.</summary>
    public ReadOnlySpan<byte> Key;

    /// <summary>The line of an <see cref="ReplyKind.Item"/> up to its version.</summary>
    public ReadOnlySpan<byte> Head;

    public ReadOnlySpan<byte> Value;

    /// <summary>Client flags (<c>f</c>).</summary>
    public uint Flags;

    /// <summary>The item's version (<c>c</c>).</summary>
    public ulong Version;

    /// <summary>Length of the item's value (<c>s</c>), when it was asked for without the value.</summary>
    public ulong Size;

    /// <summary>Seconds to live (<c>t</c>), -1 for ever.</summary>
    public long TimeToLive;
}
